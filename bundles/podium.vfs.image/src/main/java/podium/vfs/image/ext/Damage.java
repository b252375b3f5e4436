package podium.vfs.image.ext;

import java.io.IOException;

/// A structure of a file system that makes no sense.
final class Damage extends IOException {

    private static final long serialVersionUID = 1;

    /// @param message one line that says which one
    Damage(String message) {
        super(message);
    }
}
