package podium.engine.jvm.wasm;

import podium.engine.jvm.wasm.VectorOpcodes.Form;
import podium.engine.jvm.wasm.VectorOpcodes.Vector;

/// Validates the vector instructions.
final class VectorValidator {

    private static final int BYTES = 16;

    private final Cursor in;
    private final ValidationStacks stacks;
    private final MemoryValidator memory;

    VectorValidator(Cursor in, ValidationStacks stacks, MemoryValidator memory) {
        this.in = in;
        this.stacks = stacks;
        this.memory = memory;
    }

    void instruction(int code) {
        var vector = VectorOpcodes.find(code);
        if (vector == null)
            throw stacks.invalid("illegal opcode fd " + Integer.toUnsignedString(code, 16));
        immediates(vector);
        var signature = vector.signature();
        if (vector.result() == 'V') stacks.pop(signature.substring(0, signature.length() - 1));
        else stacks.apply(signature);
    }

    private void immediates(Vector vector) {
        int code = vector.code();
        if (vector.form() == Form.MEMORY) {
            int log2 = VectorOpcodes.accessLog2(code);
            memory.argument(log2, false);
            if (VectorOpcodes.isLoadLane(code) || VectorOpcodes.isStoreLane(code))
                lane(BYTES >> log2);
        } else if (vector.form() == Form.EXTRACT || vector.form() == Form.REPLACE) {
            lane(vector.lanes());
        } else if (code == VectorOpcodes.SHUFFLE) {
            for (int i = 0; i < BYTES; i++) lane(2 * BYTES);
        } else if (code == VectorOpcodes.CONST) {
            in.skip(BYTES);
        }
    }

    private void lane(int lanes) {
        if (in.u8() >= lanes) throw stacks.invalid("invalid lane index");
    }
}
