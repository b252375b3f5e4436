package podium.engine.jvm.wasm;

/// How much a function makes to translate.
///
/// @param size bytes of its body and operands it makes; each basic block and each value that is
///     moved takes one at least
/// @param variables locals, and operands that there can be at once, roughly
public record Extent(int size, int variables) {

    private static final int LARGE = 200_000;
    private static final long LARGE_PRODUCT = 1L << 28;

    /// Whether it may be beyond what the compiler or the Java platform takes.
    public boolean large() {
        return size > LARGE || (long) size * variables > LARGE_PRODUCT;
    }
}
