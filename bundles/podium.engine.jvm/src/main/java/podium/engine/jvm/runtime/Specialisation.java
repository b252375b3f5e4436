package podium.engine.jvm.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Program;

/// Code that an instance wants for a program. All but what says so is for the instance's thread.
public final class Specialisation {

    /// Nobody entered it yet.
    private static final int NOBODY = -1;

    private final Program program;

    /// The address in the program at which it is entered.
    final int entry;

    /// How many of an instance are still to be made.
    private final AtomicInteger waiting;

    /// The index of the interpreter that entered it first.
    private volatile int function = NOBODY;

    /// It has a method `(State, what it takes..., int stack) void`. Who reads an old value does
    /// without, so it
    /// needs no order.
    @Nullable Object code;

    /// Whether the program is too large.
    private volatile boolean refused;

    /// Whether it is made, or nobody wants it any more.
    private final AtomicBoolean done = new AtomicBoolean();

    Specialisation(Program program, int entry, AtomicInteger waiting) {
        this.program = program;
        this.entry = entry;
        this.waiting = waiting;
    }

    boolean isOf(int interpreter) {
        return function == interpreter;
    }

    boolean isWanted() {
        return function != NOBODY;
    }

    /// From now on it is to be made for an interpreter.
    void want(int interpreter) {
        function = interpreter;
        waiting.incrementAndGet();
    }

    // ---- for any thread

    public Program program() {
        return program;
    }

    public int entry() {
        return entry;
    }

    public int function() {
        return function;
    }

    public boolean isDone() {
        return done.get();
    }

    public void become(Object made) {
        code = made;
        giveUp();
    }

    /// The program is too large.
    public void refuse() {
        refused = true;
        giveUp();
    }

    boolean isRefused() {
        return refused;
    }

    /// There will be no code if there is none yet.
    public void giveUp() {
        if (done.compareAndSet(false, true) && isWanted()) waiting.decrementAndGet();
    }
}
