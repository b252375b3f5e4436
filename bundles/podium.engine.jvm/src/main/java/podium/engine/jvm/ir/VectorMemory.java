package podium.engine.jvm.ir;

import podium.engine.jvm.wasm.Cursor;
import podium.engine.jvm.wasm.MemoryArgument;
import podium.engine.jvm.wasm.VectorOpcodes;

/// Vectors from memory and to it: as two accesses of 64 bits, or one of less.
final class VectorMemory {

    private static final int I64_LOAD = 0x29;
    private static final int I64_STORE = 0x37;

    /// Unsigned loads to an i64, and stores of one, by log2 of the width.
    private static final int[] LOADS = {0x31, 0x33, 0x35, I64_LOAD};

    private static final int[] STORES = {0x3c, 0x3d, 0x3e, I64_STORE};

    /// What each widening load does to the 64 bits it reads.
    private static final int[] EXTENSIONS = {0x87, 0x89, 0xa7, 0xa9, 0xc7, 0xc9};

    private final Cursor in;
    private final VectorStack vectors;
    private final InstructionBuilder instructions;
    private final Lanes lanes;

    VectorMemory(Cursor in, VectorStack vectors, InstructionBuilder instructions, Lanes lanes) {
        this.in = in;
        this.vectors = vectors;
        this.instructions = instructions;
        this.lanes = lanes;
    }

    void translate(int code, boolean dead) {
        var at = MemoryArgument.read(in);
        int log2 = VectorOpcodes.accessLog2(code);
        if (VectorOpcodes.isLoadLane(code) || VectorOpcodes.isStoreLane(code)) {
            int lane = in.u8();
            if (dead) return;
            if (VectorOpcodes.isLoadLane(code)) loadLane(log2, at, lane);
            else storeLane(log2, at, lane);
        } else if (!dead) {
            if (code == VectorOpcodes.STORE) store(at);
            else load(code, log2, at);
        }
    }

    private Expr load(int log2, MemoryArgument at, Expr address) {
        return instructions.load(LOADS[log2], 'J', address, at, 0);
    }

    private void load(int code, int log2, MemoryArgument at) {
        if (code == VectorOpcodes.LOAD) {
            vectors.settle(1);
            var address = vectors.pop();
            vectors.push(
                    new Halves(
                            instructions.load(I64_LOAD, 'L', address, at, 0),
                            instructions.load(I64_LOAD, 'H', address, at, 8)));
            return;
        }
        var bits = load(log2, at, vectors.pop());
        if (code <= VectorOpcodes.LAST_LOAD_EXTEND) {
            int extension = EXTENSIONS[code - VectorOpcodes.FIRST_LOAD_EXTEND];
            vectors.push(VectorBuilder.widen(VectorOpcodes.of(extension), vectors.evaluated(bits)));
        } else if (code <= VectorOpcodes.LAST_LOAD_SPLAT) {
            vectors.push(lanes.splat(bits, 8 << log2));
        } else {
            vectors.push(new Halves(bits, Halves.bits(0, 'H')));
        }
    }

    /// The second half first: it is the one that traps if either does, and then nothing is written.
    private void store(MemoryArgument at) {
        vectors.settle(3);
        var value = vectors.popHalves();
        var address = vectors.pop();
        instructions.store(I64_STORE, address, value.high(), at, 8);
        instructions.store(I64_STORE, address, value.low(), at, 0);
    }

    private void loadLane(int log2, MemoryArgument at, int lane) {
        vectors.settle(3);
        var vector = vectors.movable(vectors.popHalves());
        var bits = vectors.evaluated(load(log2, at, vectors.pop()));
        vectors.push(lanes.replace(vector, bits, 8 << log2, lane));
    }

    private void storeLane(int log2, MemoryArgument at, int lane) {
        vectors.settle(3);
        var vector = vectors.popHalves();
        var address = vectors.pop();
        instructions.store(STORES[log2], address, lanes.raw(vector, 8 << log2, lane), at, 0);
    }
}
