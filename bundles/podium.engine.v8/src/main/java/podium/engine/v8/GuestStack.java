package podium.engine.v8;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap;

/// Sees to it that V8 is entered only where it has the stack it counts on.
///
/// V8 knows one size of stack, and ends the process where it is wrong: guest code may use that much
/// from
/// where it was entered, and V8 itself must not be found much farther than that from the thread's
/// very beginning. So guest code is entered near the beginning of a large stack, and nothing near
/// its end, where host functions may be called.
final class GuestStack {

    /// Stack that V8 counts on, in KiB.
    static final int V8_KIB = 128 << 10;

    private static final long V8 = (long) V8_KIB << 10;

    /// For host functions that guest code calls when its stack is all but used up.
    private static final long HOST = 8L << 20;

    /// What a thread needs.
    static final long SIZE = V8 + HOST;

    /// The most that may be used when guest code is entered. V8 has a margin of 40 KiB.
    private static final long NEAR_BEGINNING = 16 << 10;

    /// What V8 needs for anything but guest code.
    private static final long LITTLE = 256 << 10;

    private GuestStack() {}

    /// What may throw anything, since host functions may.
    interface Call<T> {
        @Nullable T run() throws Throwable;
    }

    /// Runs guest code, or what leads to it: here, or on a thread made for it.
    static <T> @Nullable T large(Call<T> call) throws Throwable {
        // A virtual thread changes its stack, and with it the thread V8 knows, when it waits.
        if (Thread.currentThread().isVirtual()) return elsewhere(call);
        var stack = NativeStack.ofCurrentThread();
        boolean suits = stack.size() >= SIZE && stack.used() <= NEAR_BEGINNING;
        return suits ? call.run() : elsewhere(call);
    }

    /// Runs what has V8 do little.
    static <T> @Nullable T small(Call<T> call) throws Throwable {
        if (Thread.currentThread().isVirtual()) return elsewhere(call);
        return isLittleLeft() ? elsewhere(call) : call.run();
    }

    /// Runs what a host function asks for, on the thread where the guest runs that called it.
    ///
    /// @throws Trap the guest has used up the stack
    static <T> @Nullable T nested(Call<T> call) throws Throwable {
        if (isLittleLeft()) throw new Trap(Trap.Kind.STACK_OVERFLOW, List.of(), null);
        return call.run();
    }

    private static boolean isLittleLeft() {
        var stack = NativeStack.ofCurrentThread();
        return Math.min(stack.size(), V8) - stack.used() < LITTLE;
    }

    private static <T> @Nullable T elsewhere(Call<T> call) throws Throwable {
        var result = new AtomicReference<@Nullable T>();
        var thrown = new AtomicReference<@Nullable Throwable>();
        var caller = Thread.currentThread();
        var thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                result.set(call.run());
                            } catch (Throwable e) {
                                thrown.set(e);
                            }
                        },
                        caller.getName() + " in V8",
                        SIZE + HOST,
                        false);
        thread.setContextClassLoader(caller.getContextClassLoader());
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive())
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true; // the caller's own affair, when it has its answer
            }
        if (interrupted) caller.interrupt();
        var failure = thrown.get();
        if (failure != null) throw failure;
        return result.get();
    }
}
