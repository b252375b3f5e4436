package podium.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Imports that nobody provides, or of the wrong type. The message is one line that names them all.
public final class LinkException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient @Nullable List<ImportType> missing;

    /// @param missing the imports that could not be bound
    public LinkException(String message, List<ImportType> missing) {
        super(message);
        this.missing = List.copyOf(missing);
    }

    /// The imports that could not be bound.
    public List<ImportType> missing() {
        return missing == null ? List.of() : missing;
    }
}
