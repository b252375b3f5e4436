package podium.engine.jvm.ir;

import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Opcodes;

/// Finds the selections that are the lesser or the greater of two signed integers. HotSpot makes
/// them without a branch, which a selection becomes, and which the processor may not foresee.
final class Extremum {

    private static final int I32_LT_S = 0x48;
    private static final int I64_LT_S = 0x53;

    private Extremum() {}

    /// The selection of `first` where the condition holds, else `second`, as [Expr#MINIMUM] or
    /// [Expr#MAXIMUM]; null where it is neither.
    static @Nullable Expr of(Expr first, Expr second, Expr condition) {
        int relation = condition.op - (first.type == 'I' ? I32_LT_S : I64_LT_S);
        // lt_s, gt_s, le_s, ge_s: every other one is unsigned
        if (first.type != 'I' && first.type != 'J' || relation < 0 || relation > 6) return null;
        if (relation % 2 != 0 || assigns(second, variable(first))) return null;
        boolean less = relation % 4 == 0;
        if (compares(condition, first, second)) return extremum(less, first, second);
        return compares(condition, second, first) ? extremum(!less, first, second) : null;
    }

    private static Expr extremum(boolean minimum, Expr first, Expr second) {
        int op = minimum ? Expr.MINIMUM : Expr.MAXIMUM;
        return new Expr(op, first.type).operands(first, second);
    }

    private static boolean assigns(Expr tree, int variable) {
        return tree.any(e -> e.op == Opcodes.LOCAL_TEE && e.index == variable);
    }

    /// Whether a condition compares two values, which are evaluated before it, in this order or
    /// not.
    private static boolean compares(Expr condition, Expr left, Expr right) {
        return is(condition.a(), left) && is(condition.b(), right);
    }

    private static boolean is(Expr simple, Expr value) {
        if (simple.isConstant()) return value.op == simple.op && value.imm == simple.imm;
        return simple.isGet() && variable(value) == simple.index;
    }

    /// The variable that has a value once that is evaluated, or -1.
    private static int variable(Expr value) {
        return value.isGet() || value.op == Opcodes.LOCAL_TEE ? value.index : -1;
    }
}
