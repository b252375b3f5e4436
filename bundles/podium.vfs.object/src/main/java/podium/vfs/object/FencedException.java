package podium.vfs.object;

import java.io.IOException;

/// Somebody else has taken over the tree: nothing is written to it any more.
final class FencedException extends IOException {

    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }

    /// @param host who
    FencedException(String host) {
        super(
                ("it was taken over by %s, since nothing had been heard of this mount; what the"
                                + " bucket lacks stays in the cache")
                        .formatted(host));
    }
}
