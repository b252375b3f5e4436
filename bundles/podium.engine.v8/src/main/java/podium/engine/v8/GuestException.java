package podium.engine.v8;

/// An exception of a guest's on its way through the host. JavaScript keeps it by number until the
/// host function that it goes through throws this, or the outermost call is over.
final class GuestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Isolate isolate;
    private final int number;

    GuestException(Isolate isolate, int number) {
        super("an exception of the guest's", null, false, false);
        this.isolate = isolate;
        this.number = number;
    }

    Isolate isolate() {
        return isolate;
    }

    int number() {
        return number;
    }
}
