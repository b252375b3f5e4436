package podium.engine.jvm.runtime;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import podium.engine.Function;
import podium.engine.Global;
import podium.engine.Tag;
import podium.engine.jvm.wasm.ConstantExpression;

/// The state of an instance, first parameter of every compiled function. Each module's own subclass
/// adds a field for each
/// global and fields to hand values over. Used by one thread at a time, except for [#interrupt()]
/// and
/// [#memorySize(long)].
public abstract class GuestState implements MemoryUser {

    /// Machine address of memory 0. Constant once the instance is made.
    public long base;

    /// The number of indices at which an access of 1, 2, 4, 8 bytes fits into memory 0.
    public long limit1;

    public long limit2;
    public long limit4;
    public long limit8;

    /// A function whose stack budget is less looks why: 0, or the greatest number to make it look.
    public int guard;

    /// What is left of the stack budget, whenever the guest does not run.
    public int stack;

    /// Number of what a function that just returned wants to be called in its stead, or 0: see
    /// `TailEmitter`.
    public int tail;

    /// Not 0 if an interrupt is due; loops look at it. Volatile, or HotSpot moves the look out of
    /// the loop.
    public volatile int interrupted;

    /// Elements of table 0 if it is the module's own: see [InstanceTable#codes()].
    public int[] codes = {};

    /// First argument of imported functions.
    public @Nullable Object context;

    /// Handles of imported functions.
    public MethodHandle[] imports = {};

    /// Executions of blocks, in a training run.
    public long @Nullable [] counters;

    /// Set right after the state is made.
    @SuppressWarnings("NullAway.Init")
    public ModuleCode code;

    /// By index.
    public LinearMemory[] memories = {};

    /// What compiled code knows of each memory but the first.
    public MemoryView[] views = {};

    public InstanceTable[] tables = {};
    public Tag[] tags = {};

    /// Imported globals, by index.
    public Global[] importedGlobals = {};

    public boolean[] droppedData = {};
    public boolean[] droppedElements = {};

    /// The thread that [#stack] is the budget of.
    @Nullable Thread thread;

    /// Those that were referred to, by index.
    private @Nullable InstanceFunction[] functions = {};

    /// Imported functions, by index.
    private Function[] importedFunctions = {};

    protected GuestState() {}

    /// Calls a function by its ordinal and canonical type.
    ///
    /// @param arguments boxed, of the parameters' types
    /// @return null, the boxed result, or an `Object[]` of several
    public abstract @Nullable Object call(@Nullable Object[] arguments, int ordinal, int type);

    public abstract long globalBits(int global);

    public abstract @Nullable Object globalReference(int global);

    public abstract void setGlobalBits(int global, long bits);

    /// The high half of a vector, whose low half are its bits.
    public abstract long globalHighBits(int global);

    public abstract void setGlobalHighBits(int global, long bits);

    public abstract void setGlobalReference(int global, @Nullable Object reference);

    public void setFunctions(Function[] imported, int count) {
        importedFunctions = imported;
        functions = new InstanceFunction[count];
    }

    /// @throws IllegalArgumentException a snapshot cannot have a reference to this function
    public void checkReferable(long function) {
        if (function < -1
                || function >= functions.length
                || function >= 0 && code.layout().ordinal((int) function) < 0)
            throw new IllegalArgumentException("a reference to function " + function);
    }

    /// The reference to a function; the same each time.
    public Function function(int index) {
        if (index < importedFunctions.length
                && importedFunctions[index] instanceof InstanceFunction linked) return linked;
        var function = functions[index];
        if (function == null) functions[index] = function = new InstanceFunction(this, index);
        return function;
    }

    @Override
    public void memoryBase(long address) {
        base = address;
    }

    @Override
    public void memorySize(long size) {
        limit1 = size;
        limit2 = Math.max(0, size - 1);
        limit4 = Math.max(0, size - 3);
        limit8 = Math.max(0, size - 7);
    }

    // ---- interrupts

    public void interrupt() {
        synchronized (this) {
            interrupted = 1;
            guard = Integer.MAX_VALUE;
        }
        var runs = thread;
        if (runs != null) LockSupport.unpark(runs);
    }

    void clearInterrupt() {
        synchronized (this) {
            guard = 0;
            interrupted = 0;
        }
    }

    // ---- constant expressions

    public long constantBits(ConstantExpression expression) {
        return switch (expression.kind()) {
            case GLOBAL -> globalBits((int) expression.value());
            case COMPUTED -> compute(expression);
            default -> expression.value();
        };
    }

    /// The high half of a vector.
    public long constantHighBits(ConstantExpression expression) {
        return expression.kind() == ConstantExpression.Kind.GLOBAL
                ? globalHighBits((int) expression.value())
                : expression.high();
    }

    private long compute(ConstantExpression expression) {
        var stack = new long[expression.steps().size()];
        int top = -1;
        for (var step : expression.steps()) {
            switch (step.kind()) {
                case ADD -> stack[--top] += stack[top + 1];
                case SUBTRACT -> stack[--top] -= stack[top + 1];
                case MULTIPLY -> stack[--top] *= stack[top + 1];
                default -> stack[++top] = constantBits(step);
            }
        }
        return expression.type() == 'I' ? (int) stack[0] : stack[0];
    }

    public @Nullable Object constantReference(ConstantExpression expression) {
        return switch (expression.kind()) {
            case FUNCTION -> function((int) expression.value());
            case GLOBAL -> globalReference((int) expression.value());
            default -> null;
        };
    }
}
