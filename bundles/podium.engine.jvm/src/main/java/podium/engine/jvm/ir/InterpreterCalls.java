package podium.engine.jvm.ir;

import org.jspecify.annotations.Nullable;
import podium.engine.InterpreterFunction;

/// Translates the calls by which an interpreter says where it is.
final class InterpreterCalls {

    private final ValueStack stack;
    private final BlockBuilder blocks;

    InterpreterCalls(ValueStack stack, BlockBuilder blocks) {
        this.stack = stack;
        this.blocks = blocks;
    }

    /// @return whether the call is one of those, and done
    boolean call(@Nullable InterpreterFunction callee) {
        switch (callee) {
            case DISPATCH -> {
                int address = save();
                blocks.dispatch(address);
                stack.push(Expr.get(address, 'I'));
            }
            case ENTER -> {
                int code = save();
                int address = save();
                blocks.enter(address, code);
                stack.push(Expr.get(address, 'I'));
            }
            case SPECIALISED -> stack.push(new Expr(Expr.SPECIALISED, 'I').sealed());
            case null, default -> {
                return false;
            }
        }
        return true;
    }

    /// Takes a value off the stack into a variable of its own.
    private int save() {
        stack.flush();
        var value = stack.pop();
        int variable = stack.variable('I');
        stack.assign(variable, value);
        return variable;
    }
}
