package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.MemoryType;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// A function as a graph of basic blocks over typed variables: its parameters, its locals, and
/// places for operands that
/// outlive a block.
public final class FunctionIr {

    public final int function;

    /// Its type, with halves for vectors.
    public final Signature signature;

    /// The type of each variable.
    public final StringBuilder variables;

    /// Number of variables that are locals.
    final int locals;

    /// The first variable of each local where some are vectors and take two; else null.
    private final int @Nullable [] firstVariables;

    public final List<Block> blocks = new ArrayList<>();
    public final Block entry = new Block();

    /// The variables that are in an array of the activation's, each at its place among them; null
    /// if there are none. See [Sharing].
    @Nullable Bits shared;

    /// The memory it accesses most, number 0, or null if there is none.
    @Nullable MemoryType memory;

    /// Whether this is specialised code, whose methods are in a class of their own.
    public boolean specialised;

    /// Whether this is an interpreter that goes on in specialised code where there is some.
    public boolean opened;

    /// Whether its blocks' counts mean anything.
    public boolean counted;

    /// Bytes of code, roughly.
    public int cost;

    /// Whether anything in it can call.
    public boolean calls;

    /// Whether what is left of the fuel is looked at where it begins: see [Weights].
    public boolean looksForFuel;

    FunctionIr(int function, Signature signature, String locals) {
        this.function = function;
        this.signature = signature;
        this.variables = new StringBuilder(Types.halved(locals));
        this.locals = variables.length();
        firstVariables = variables.length() == locals.length() ? null : firstVariables(locals);
    }

    private static int[] firstVariables(String locals) {
        var first = new int[locals.length()];
        int next = 0;
        for (int i = 0; i < first.length; i++) {
            first[i] = next;
            next += locals.charAt(i) == 'W' ? 2 : 1;
        }
        return first;
    }

    MemoryType memory() {
        return Objects.requireNonNull(memory);
    }

    /// The variable of a local, or of the low half of one that is a vector.
    int variable(int local) {
        return firstVariables == null ? local : firstVariables[local];
    }

    /// The place of a variable in the activation's array, or -1 if it is a variable of Java's.
    public int place(int variable) {
        return shared == null || !shared.contains(variable) ? -1 : shared.rank(variable);
    }

    /// Number of variables in the activation's array.
    public int shared() {
        return shared == null ? 0 : shared.size();
    }

    public char type(int variable) {
        return variables.charAt(variable);
    }
}
