package podium.engine.jvm.runtime;

/// Carries what a host function threw through the guest's frames, so that it is not taken for a
/// trap
/// of the guest.
final class HostFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Throwable thrown;

    HostFailure(Throwable thrown) {
        super(null, thrown, false, false);
        this.thrown = thrown;
    }

    Throwable thrown() {
        return thrown;
    }
}
