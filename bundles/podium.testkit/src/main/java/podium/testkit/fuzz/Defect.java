package podium.testkit.fuzz;

import org.jspecify.annotations.Nullable;

/// An engine does what the contract does not have, or what another does not.
public final class Defect extends RuntimeException {

    private static final long serialVersionUID = 1;

    Defect(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
