package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.List;
import podium.engine.jvm.wasm.Signature;

/// A function as a graph of basic blocks over typed variables: its parameters, its locals, and
/// places for operands that
/// outlive a block.
public final class FunctionIr {

    public final int function;
    public final Signature signature;

    /// The type of each variable.
    public final StringBuilder variables;

    public final List<Block> blocks = new ArrayList<>();
    public Block entry;

    /// Bytes of code, roughly.
    public int cost;

    /// Whether anything in it can call.
    public boolean calls;

    FunctionIr(int function, Signature signature, String locals) {
        this.function = function;
        this.signature = signature;
        this.variables = new StringBuilder(locals);
    }

    public char type(int variable) {
        return variables.charAt(variable);
    }
}
