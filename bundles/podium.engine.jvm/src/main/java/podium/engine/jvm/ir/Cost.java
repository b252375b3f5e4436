package podium.engine.jvm.ir;

import podium.engine.jvm.wasm.Opcodes;

/// Estimates the bytes of Java code for one node of a tree, without its operands. Methods are sized
/// by it, so it errs on
/// the high side.
final class Cost {

    private static final int ACCESS = 21;
    private static final int OFFSET = 8;

    /// What the check of an access takes of that.
    static final int CHECK = 11;

    private Cost() {}

    static int of(Expr e) {
        int op = e.op;
        if (Opcodes.isLoad(op) || Opcodes.isStore(op)) return ACCESS + (e.imm != 0 ? OFFSET : 0);
        if (op >= Opcodes.I32_EQZ && op <= Opcodes.LAST_COMPARISON) return comparison(op);
        if (Opcodes.isAtomicAccess(op)) return ACCESS + OFFSET;
        if (e.isVector()) return 3;
        if (op == Expr.BYTES) return 8;
        return switch (op) {
            case Opcodes.LOCAL_GET -> 2;
            case Opcodes.LOCAL_SET, Opcodes.LOCAL_TEE -> 3;
            case Opcodes.I32_CONST -> e.imm >= -128 && e.imm < 128 ? 2 : 3;
            case Opcodes.I64_CONST, Opcodes.F32_CONST, Opcodes.F64_CONST -> 3;
            case Opcodes.CALL, Opcodes.CALL_INDIRECT -> 6;
            case Opcodes.SELECT -> 9;
            case Opcodes.GLOBAL_GET, Opcodes.GLOBAL_SET -> 5;
            default -> op >= Opcodes.MEMORY_INIT ? 9 : 3;
        };
    }

    private static int comparison(int op) {
        boolean unsigned =
                switch (op) {
                    case 0x49, 0x4b, 0x4d, 0x4f, 0x54, 0x56, 0x58, 0x5a -> true;
                    default -> false;
                };
        return unsigned ? 8 : 5;
    }
}
