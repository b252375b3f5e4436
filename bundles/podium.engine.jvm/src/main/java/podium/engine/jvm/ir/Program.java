package podium.engine.jvm.ir;

import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Opcodes;

/// What an interpreter interprets. It lies in memory 0 and does not change.
///
/// @param start its address
/// @param bytes its content
public record Program(int start, byte[] bytes) {

    boolean contains(int address) {
        return Integer.compareUnsigned(address - start, bytes.length) < 0;
    }

    /// @param length unsigned
    public boolean overlaps(int from, int length) {
        long first = start & 0xffffffffL;
        long other = from & 0xffffffffL;
        long last = other + (length & 0xffffffffL);
        return other < first + bytes.length && first < last && other < last;
    }

    /// What a load of a 32-bit integer gives, or null if that is not in the program.
    @Nullable Integer load(Expr load, int address) {
        if (load.index != 0 || load.type != 'I') return null;
        int width = 1 << Opcodes.accessLog2(load.op);
        long at = (address & 0xffffffffL) + load.imm - (start & 0xffffffffL);
        if (at < 0 || at + width > bytes.length) return null;
        int value = 0;
        for (int i = 0; i < width; i++) value |= (bytes[(int) at + i] & 0xff) << (8 * i);
        return switch (load.op) {
            case 0x28, 0x2d, 0x2f -> value;
            case 0x2c -> (int) (byte) value;
            case 0x2e -> (int) (short) value;
            default -> null;
        };
    }
}
