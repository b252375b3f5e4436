package podium.engine.jvm.wasm;

import java.util.ArrayList;
import podium.engine.jvm.wasm.ConstantExpression.Kind;

/// Decodes constant expressions. Only globals declared before may be read, so the types are known.
final class ConstantParser {

    private final Cursor in;
    private final WasmModule module;

    ConstantParser(Cursor in, WasmModule module) {
        this.in = in;
        this.module = module;
    }

    ConstantExpression parse() {
        int at = in.position();
        var first = instruction();
        if (in.peek() == Opcodes.END) {
            in.u8();
            if (isArithmetic(first)) throw mismatch(at);
            return first;
        }
        var steps = new ArrayList<ConstantExpression>();
        var types = new OperandStack();
        for (var step = first; ; step = instruction()) {
            steps.add(step);
            apply(step, types);
            if (in.peek() == Opcodes.END) break;
        }
        in.u8();
        if (types.size() != 1) throw mismatch(at);
        return new ConstantExpression(Kind.COMPUTED, 0, 0, types.pop(), at, steps);
    }

    private static boolean isArithmetic(ConstantExpression step) {
        return step.kind().compareTo(Kind.ADD) >= 0;
    }

    private static MalformedModule mismatch(int at) {
        return new MalformedModule("type mismatch in a constant expression", at);
    }

    private static void apply(ConstantExpression step, OperandStack types) {
        if (isArithmetic(step))
            for (int i = 0; i < 2; i++)
                if (types.size() == 0 || types.pop() != step.type())
                    throw mismatch(step.position());
        types.push(step.type());
    }

    private ConstantExpression instruction() {
        int at = in.position();
        int op = in.u8();
        return switch (op) {
            case Opcodes.I32_CONST -> constant(in.s32(), 'I', at);
            case Opcodes.I64_CONST -> constant(in.s64(), 'J', at);
            case Opcodes.F32_CONST -> constant(in.f32(), 'F', at);
            case Opcodes.F64_CONST -> constant(in.f64(), 'D', at);
            case Opcodes.GLOBAL_GET -> global(in.count(), at);
            case Opcodes.REF_NULL ->
                    new ConstantExpression(Kind.NULL, 0, Types.readHeapType(in), at);
            case Opcodes.REF_FUNC -> new ConstantExpression(Kind.FUNCTION, in.count(), 'R', at);
            case 0x6a -> new ConstantExpression(Kind.ADD, 0, 'I', at);
            case 0x6b -> new ConstantExpression(Kind.SUBTRACT, 0, 'I', at);
            case 0x6c -> new ConstantExpression(Kind.MULTIPLY, 0, 'I', at);
            case 0x7c -> new ConstantExpression(Kind.ADD, 0, 'J', at);
            case 0x7d -> new ConstantExpression(Kind.SUBTRACT, 0, 'J', at);
            case 0x7e -> new ConstantExpression(Kind.MULTIPLY, 0, 'J', at);
            case Opcodes.PREFIX_SIMD -> vector(at);
            case Opcodes.END -> throw new MalformedModule("type mismatch: empty expression", at);
            default ->
                    throw new MalformedModule(
                            "constant expression required, or illegal opcode "
                                    + Integer.toHexString(op),
                            at);
        };
    }

    private static ConstantExpression constant(long bits, char type, int at) {
        return new ConstantExpression(Kind.CONSTANT, bits, type, at);
    }

    private ConstantExpression vector(int at) {
        if (in.u32() != VectorOpcodes.CONST)
            throw new MalformedModule("constant expression required", at);
        long low = in.f64();
        return new ConstantExpression(Kind.CONSTANT, low, in.f64(), 'W', at, java.util.List.of());
    }

    private ConstantExpression global(int index, int at) {
        if (index >= module.globals.size())
            throw new MalformedModule("unknown global " + index, at);
        var global = module.globals.get(index);
        if (global.mutable()) throw new MalformedModule("constant expression required", at);
        return new ConstantExpression(Kind.GLOBAL, index, global.type(), at);
    }
}
