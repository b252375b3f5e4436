package podium.kernel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.GuestFunction;
import podium.kernel.frozen.FrozenTask;
import podium.kernel.gate.Caller;
import podium.kernel.gate.PausedCall;
import podium.syscall.ErrnoException;

/// A task's frames, as far as the host can do something about them: take them down at a system
/// call, into the guest's memory, and put them up again.
///
/// Used by the task's own thread.
final class Frames {

    /// Bytes that the frames may take: as many as the stack of a program has. Nothing is held of
    /// it but what they do take.
    private static final int ROOM = 8 << 20;

    private static final int HEADER = 8;

    private final GuestTask task;

    /// Whether the frames are those of the program alone, or a signal handler's, say, too, with
    /// the host's between them.
    private int above;

    /// Whether they begin in [#call].
    private boolean called;

    /// Where they are, or are to be put.
    private int block;

    private boolean thawed;

    /// The call they are taken down in, from its end until they are there again.
    private @Nullable PausedCall paused;

    Frames(GuestTask task) {
        this.task = task;
    }

    /// Further frames begin, above the host's.
    void enter() {
        above++;
    }

    void leave() {
        above--;
    }

    /// Whether there is nothing of the host's between them.
    boolean plain() {
        return above == 0 && called && !task.actsAsChild();
    }

    /// Whether the program is about to go on that another process was taken down in.
    boolean thawed() {
        return thawed;
    }

    /// Takes them over from another process.
    ///
    /// @param frames null when the program goes on without them
    void adopt(FrozenTask.@Nullable Frames frames) {
        thawed = true;
        if (frames == null) return;
        block = frames.block();
        paused = frames.call();
    }

    /// Whether the process is to be frozen, and can be now. If it can not be at all, that is said
    /// to whoever wants it.
    boolean freezes() {
        var wish = task.process().checkpoint();
        if (wish == null) {
            task.calm(Caller.FREEZING);
            return false;
        }
        if (!plain()) return false;
        var bar = Capture.bar(task);
        if (bar == null) bar = makeRoom();
        if (bar == null) return true;
        task.calm(Caller.FREEZING);
        wish.refuse(bar);
        return false;
    }

    private @Nullable String makeRoom() {
        try {
            block = task.process().addressSpace().map(0, ROOM, false);
            return null;
        } catch (ErrnoException e) {
            return "there is no memory left for its frames";
        }
    }

    /// Begins to take them down, at the end of a call.
    void unwind(PausedCall call) {
        paused = call;
        task.memory().putInt(block, block + HEADER);
        task.memory().putInt(block + 4, block + ROOM);
        asyncify().startUnwind().call(block);
    }

    /// They are there again.
    ///
    /// @return the call they were taken down in
    PausedCall rewound() {
        asyncify().stopRewind().call();
        task.process().addressSpace().unmap(block, ROOM);
        var call = Objects.requireNonNull(paused);
        paused = null;
        return call;
    }

    /// Calls the program's function; and anew, whenever it was frozen and is to go on.
    @Nullable Object call(GuestFunction function, Object[] arguments) {
        thawed = false;
        for (; ; ) {
            if (paused != null) {
                asyncify().startRewind().call(block);
                task.expectRewound();
            }
            called = true;
            Object result;
            try {
                result = function.call(arguments);
            } finally {
                called = false;
            }
            if (paused == null) return result;
            asyncify().stopUnwind().call();
            hand(paused);
        }
    }

    /// Hands the process to whoever wants it frozen, and waits for what is to become of it here.
    private void hand(PausedCall call) {
        task.calm(Caller.FREEZING);
        var wish = task.process().checkpoint();
        if (wish == null) return;
        try {
            wish.hand(task, Capture.of(task, block, call));
        } catch (UnsupportedOperationException | podium.engine.OutOfMemoryException e) {
            wish.refuse(String.valueOf(e.getMessage()));
        }
    }

    private Asyncify asyncify() {
        return Objects.requireNonNull(Asyncify.of(task.instance()));
    }
}
