package podium.cli;

/// A command that failed, with one line for people.
final class CommandException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    CommandException(String message) {
        this(message, 1);
    }

    /// @param status the exit code
    CommandException(String message, int status) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }

    /// One line about any failure.
    static String message(Throwable e) {
        var message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
