package podium.kernel.gate;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.engine.Instance;
import podium.syscall.GuestMemory;
import podium.syscall.Pollable;
import podium.syscall.Process;
import podium.syscall.TaskSignals;
import podium.testkit.FixedMemory;

/// A task without process and program: its calls come from the test's own thread.
final class TestCaller extends Caller {

    private final Thread thread = Thread.currentThread();
    private final GuestMemory memory = new GuestMemory(new FixedMemory(1));
    private final Pollable.Watcher watcher = _ -> LockSupport.unpark(thread);
    final StringBuilder trace = new StringBuilder();
    private @Nullable Tracer tracer;
    volatile @Nullable String straggled;
    int handlers;
    Outcome handler = Outcome.NOTHING;

    /// The call that was ended for its frames to be taken down.
    @Nullable PausedCall paused;

    TestCaller traced() {
        tracer = new Tracer(trace);
        alert(TRACED);
        return this;
    }

    @Override
    protected Wakeup await(Wait wait) {
        var pollable = wait.pollable();
        if (pollable != null) pollable.watch(watcher);
        while (true) {
            if (pollable != null && (pollable.readiness() & wait.events()) != 0)
                return Wakeup.READY;
            if (attention(SIGNALLED | FREEZING)) return Wakeup.SIGNAL;
            if (wait.remaining() == 0) return Wakeup.TIMED_OUT;
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    protected Outcome attend(boolean may) {
        if (attention(KILLED)) throw Unwind.EXIT;
        if (!attention(SIGNALLED)) return Outcome.NOTHING;
        calm(SIGNALLED);
        handlers++;
        return handler;
    }

    @Override
    protected boolean freezes() {
        return attention() == FREEZING;
    }

    @Override
    protected void unwind(PausedCall call) {
        calm(FREEZING);
        paused = call;
    }

    @Override
    protected PausedCall rewound() {
        var call = paused;
        if (call == null) throw new IllegalStateException();
        paused = null;
        return call;
    }

    @Override
    protected void callEnded() {}

    @Override
    protected @Nullable Tracer tracer() {
        return tracer;
    }

    @Override
    protected void straggling(String target) {
        straggled = target;
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public void setName(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int tid() {
        return 7;
    }

    @Override
    public Process process() {
        throw new UnsupportedOperationException();
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public Instance instance() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TaskSignals signals() {
        throw new UnsupportedOperationException();
    }

    @Override
    protected Object inGuest(Supplier<Object> call) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onEnd(Runnable action) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RuntimeException exit(int status) {
        return Unwind.EXIT;
    }

    @Override
    public void setClearTid(int address) {
        throw new UnsupportedOperationException();
    }
}
