package podium.vfs.store;

import java.io.IOException;

/// The host's disk is full, or a quota of it used up.
final class NoSpaceException extends IOException {

    NoSpaceException(String message) {
        super(message);
    }

    NoSpaceException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
