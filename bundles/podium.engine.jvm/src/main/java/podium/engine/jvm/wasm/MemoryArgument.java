package podium.engine.jvm.wasm;

/// Which memory an access goes to, and the offset added to its address.
///
/// @param offset an unsigned 32-bit number
public record MemoryArgument(int memory, long offset) {

    /// The bit of the alignment that says that a memory's index follows.
    static final int HAS_INDEX = 0x40;

    /// Decodes that of a validated body.
    public static MemoryArgument read(Cursor in) {
        int memory = (in.u32() & HAS_INDEX) == 0 ? 0 : in.count();
        return new MemoryArgument(memory, in.u32() & 0xffffffffL);
    }
}
