package podium.engine.jvm.wasm;

/// How much functions make to translate.
///
/// @param size bytes of the bodies and operands they make; each basic block and each value that is
///     moved takes one at least
/// @param pairs of such a unit and a variable: locals, and operands that there can be at once
public record Extent(long size, long pairs) {

    public static final Extent NONE = new Extent(0, 0);

    private static final int LARGE = 200_000;
    private static final int LARGE_PAIRS = 1 << 28;

    /// The extent of one function.
    static Extent of(long size, long variables) {
        return new Extent(size, size * variables);
    }

    public Extent plus(Extent other) {
        return new Extent(size + other.size, pairs + other.pairs);
    }

    /// Whether it may be beyond what the compiler or the Java platform takes, or takes long.
    public boolean large() {
        return size > LARGE || pairs > LARGE_PAIRS;
    }
}
