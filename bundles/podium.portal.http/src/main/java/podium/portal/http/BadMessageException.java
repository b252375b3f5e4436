package podium.portal.http;

/// A message that is not to be passed on.
final class BadMessageException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /// @param status what a client is told
    /// @param message one line for people
    BadMessageException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
