package podium.vfs.store;

import java.io.IOException;

/// What is on the disk is not what was written. The message says where, in one line.
final class DamageException extends IOException {

    DamageException(String message) {
        super(message);
    }
}
