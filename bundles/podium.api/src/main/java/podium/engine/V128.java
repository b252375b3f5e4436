package podium.engine;

/// A value of type `v128` where host and guest meet: 128 bits, of which the instructions make
/// lanes.
///
/// @param low bits 0 to 63, those at the lower address in memory
/// @param high bits 64 to 127
public record V128(long low, long high) {

    public static final V128 ZERO = new V128(0, 0);

    /// As the text format has it, such as `i64x2 0x0000000000000001 0x0000000000000000`.
    @Override
    public String toString() {
        return "i64x2 0x%016x 0x%016x".formatted(low, high);
    }
}
