package podium.engine.jvm.ir;

import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Opcodes;

/// Vectors on the operand stack: each is two entries, the low half below the high one.
///
/// A tree may refer to the places at its own height and above, but to none below: those below are
/// assigned before it is evaluated. Instructions that put a half elsewhere take it by way of a
/// variable of its own.
final class VectorStack {

    private final ValueStack stack;

    VectorStack(ValueStack stack) {
        this.stack = stack;
    }

    Expr pop() {
        return stack.pop();
    }

    Halves popHalves() {
        var high = stack.pop();
        return new Halves(stack.pop(), high);
    }

    void push(Halves vector) {
        stack.push(vector.low().as('L'));
        stack.push(vector.high().as('H'));
        if (isLarge(vector.low()) || isLarge(vector.high())) stack.flush();
    }

    private static boolean isLarge(Expr e) {
        return e.depth > InstructionBuilder.MAX_DEPTH || e.cost > InstructionBuilder.MAX_COST;
    }

    /// Makes the top entries constants and variables, so that each may be used several times or
    /// not at all.
    void settle(int entries) {
        for (int i = stack.size() - entries; i < stack.size(); i++)
            if (!stack.get(i).isSimple()) {
                stack.flush();
                return;
            }
    }

    /// Makes something that may go to any height out of a popped entry that was settled.
    Expr movable(Expr e) {
        if (stack.isMovable(e)) return e;
        int copy = stack.temporary(e.type);
        stack.assign(copy, e);
        return Expr.get(copy, e.type);
    }

    /// Evaluates a popped tree now, so that its value may go to any height, any number of times.
    Expr evaluated(Expr e) {
        if (stack.isMovable(e)) return e;
        stack.flush();
        return movable(e);
    }

    Halves movable(Halves vector) {
        return new Halves(movable(vector.low()), movable(vector.high()));
    }

    /// Assigns a vector's variables, of which the second follows the first.
    void assign(int variable, Halves vector) {
        stack.flushReads(variable);
        stack.flushReads(variable + 1);
        var high = vector.high();
        if (reads(high, variable)) {
            int copy = stack.temporary('H');
            stack.assign(copy, high);
            high = Expr.get(copy, 'H');
        }
        stack.assign(variable, vector.low());
        stack.assign(variable + 1, high);
    }

    private static boolean reads(@Nullable Expr e, int variable) {
        if (e == null) return false;
        if (e.op == Opcodes.LOCAL_GET && e.index == variable) return true;
        return reads(e.a, variable) || reads(e.b, variable) || reads(e.c, variable);
    }
}
