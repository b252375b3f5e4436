package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A basic block: statements, then one terminator.
public final class Block {

    /// How control leaves a block.
    public enum Terminator {
        /// To `successors[0]`.
        GOTO,
        /// To `successors[0]` if `value` is not zero, else to `successors[1]`.
        IF,
        /// To `successors[value]`, or the last one if `value` is too large.
        SWITCH,
        /// Returns `results`.
        RETURN,
        /// Leaves the function for the call `value`.
        TAIL_CALL,
        /// Throws `value`.
        THROW,
        UNREACHABLE
    }

    static final Block[] NONE = {};

    public final List<Expr> statements = new ArrayList<>();
    public Terminator terminator = Terminator.UNREACHABLE;

    /// What the terminator looks at, if it does.
    public @Nullable Expr value;

    public Expr[] results = Expr.NONE;
    public Block[] successors = NONE;

    /// Place in the order the blocks were made, which is the program's; -1 until placed.
    public int order = -1;

    /// Where in the module's binary the instructions are that it begins and ends with.
    public int start;

    public int end;

    /// Edges to this block out of terminators.
    int references;

    public boolean loopHeader;

    /// The beginning of the innermost loop around it in the program, or null; of a loop's
    /// beginning,
    /// itself.
    @Nullable Block loop;

    /// Of a loop's beginning, the beginning of the loop around that, or null; and the number of
    /// loops
    /// that it is in, its own included.
    @Nullable Block outerLoop;

    int loops;

    /// In an interpreter, where a block begins that chooses what the next instruction does: the
    /// variable with its address; else -1. See [Interpreter].
    int dispatched = -1;

    /// Where a block ends at which specialised code may be entered: the variables with the address
    /// of the next instruction and the number of the code; else -1.
    int entered = -1;

    int enteredCode = -1;

    /// Where exceptions thrown in this block go, or null.
    public @Nullable Block handler;

    /// For a handler: the variable that holds the caught exception on entry; else -1.
    public int caught = -1;

    /// Bytes of code, roughly.
    public int cost;

    /// Fuel that entering it takes: see [Weights].
    public int weight;

    /// How often a training run executed it.
    public long count;

    /// Whether something in it can call other functions.
    public boolean calls;

    // ---- results of the analyses

    public final List<Block> predecessors = new ArrayList<>();

    /// Place in reverse post-order; -1 if unreachable.
    public int number = -1;

    /// Itself for the entry.
    public Block dominator = this;
    public final List<Block> dominated = new ArrayList<>();

    /// Variables live on entry.
    @SuppressWarnings("NullAway.Init")
    public Bits live;

    @SuppressWarnings("NullAway.Init")
    Bits uses;

    @SuppressWarnings("NullAway.Init")
    Bits defines;

    /// Cost of the dominator subtree that stays in this block's method.
    int remaining;

    /// How often it executes, and control enters its dominator subtree: see [Frequencies].
    double frequency;

    double entries;

    /// Whether its dominator subtree moves into a method of its own.
    boolean cut;

    /// The group whose member this block's dominator subtree is, or null.
    public @Nullable Group group;

    @SuppressWarnings("NullAway.Init")
    public Region region;

    /// What a terminator that looks at something looks at.
    public Expr value() {
        return Objects.requireNonNull(value);
    }

    /// Number of loops around a block.
    static int depth(Block block) {
        return block.loop == null ? 0 : block.loop.loops;
    }

    public Bits defines() {
        return defines;
    }

    /// Ends it.
    ///
    /// @param value what the terminator looks at, or null
    void finish(Terminator kind, @Nullable Expr value, Block... next) {
        terminator = kind;
        this.value = value;
        successors = next;
        if (value != null) {
            cost += value.cost;
            calls |= value.effects;
        }
        cost += kind == Terminator.SWITCH ? 16 + 3 * next.length : 4;
    }

    /// Ends it with the function.
    void finish(Expr[] results) {
        this.results = results;
        for (var e : results) cost += e.cost + 6;
        finish(Terminator.RETURN, null);
    }

    void add(Expr statement) {
        statements.add(statement);
        cost += statement.cost;
        calls |= statement.effects;
    }
}
