package podium.engine.jvm.runtime;

import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import podium.engine.Fuel;
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

    /// What is left of the slice of fuel: see `Meter`. Less than 0 is what was used beyond it.
    public int fuel;

    /// Number of what a function that just returned wants to be called in its stead, or 0: see
    /// `TailEmitter`.
    public int tail;

    /// Not 0 if an interrupt is due, one of those of [Control]; loops look at it. Volatile, or
    /// HotSpot moves the look out of
    /// the loop.
    public volatile int interrupted;

    /// 0, which HotSpot does not know: see `Arms`.
    public int zero;

    /// Elements of table 0 if it is the module's own: see [InstanceTable#codes()].
    public int[] codes = {};

    /// First argument of imported functions.
    public @Nullable Object context;

    /// What its interpreter asked for.
    public final Specialisations specialisations = new Specialisations();

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

    /// Values handed over that have no field; made when there is one.
    @Nullable Spill spill;

    /// Imported globals, by index.
    public Global[] importedGlobals = {};

    public boolean[] droppedData = {};
    public boolean[] droppedElements = {};

    /// What slices of fuel are taken from; null if there is no end to it.
    public @Nullable Fuel tank;

    /// Bytes of stack, at most.
    public long stackLimit = Long.MAX_VALUE;

    /// The thread that [#stack] is the budget of.
    @Nullable Thread thread;

    /// Those that were referred to, by index.
    private @Nullable InstanceFunction[] functions = {};

    /// Imported functions, by index.
    private Function[] importedFunctions = {};

    /// Of the deadline, if it is still to come. Guarded by this.
    private @Nullable Future<?> timer;

    /// Number of the latest deadline. Guarded by this.
    private int deadlines;

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

    /// Makes the guest stop.
    ///
    /// @param cause [Control#INTERRUPT] or [Control#PASSED]
    public void interrupt(int cause) {
        synchronized (this) {
            interrupted |= cause;
            guard = Integer.MAX_VALUE;
        }
        var runs = thread;
        if (runs != null) LockSupport.unpark(runs);
    }

    /// @return the causes there were
    synchronized int clearInterrupt(int cause) {
        int before = interrupted;
        interrupted = before & ~cause;
        if (interrupted == 0) guard = 0;
        return before;
    }

    /// Replaces the deadline. The timer of the one before does nothing any more.
    public synchronized void setDeadline(@Nullable Duration time) {
        if (timer != null) timer.cancel(false);
        timer = null;
        clearInterrupt(Control.PASSED);
        int number = ++deadlines;
        if (time == null) return;
        if (!time.isPositive()) interrupt(Control.PASSED);
        else timer = Timer.after(time, () -> passed(number));
    }

    private synchronized void passed(int number) {
        if (number == deadlines) interrupt(Control.PASSED);
    }

    // ---- fuel

    /// Takes fuel for work beyond an instruction's own. Only metered code looks at what is left.
    void burn(int units) {
        fuel -= units;
        if (fuel < 0) Control.refuel(this);
    }

    /// Gives back what is left of the slice, when the host has control again.
    public void giveBack() {
        if (tank == null || fuel == 0) return;
        tank.add(fuel);
        fuel = 0;
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
