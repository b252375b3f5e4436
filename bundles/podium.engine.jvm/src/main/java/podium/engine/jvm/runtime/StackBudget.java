package podium.engine.jvm.runtime;

/// How deep guest code may nest on a thread. Compiled functions take the size of their frame off a
/// budget in bytes, so that the guest stops with a trap before the Java stack does, and host
/// functions always have room.
///
/// The sizes are estimates: HotSpot's interpreter, C1 and C2 have frames of their own for the same
/// method, and one frame for several methods. So a budget is a part of what the thread really has,
/// and when it is used up, the next is a part of what is really left.
final class StackBudget {

    /// Kept for host functions. 96 KiB of it are HotSpot's own, which are no room for Java.
    private static final long RESERVE = 256 << 10;

    /// What is too little to go on with.
    private static final long LEAST = 8 << 10;

    /// Assumed when the thread's stack size cannot be found out: HotSpot's default.
    private static final long DEFAULT_STACK = 1 << 20;

    private static final ThreadLocal<StackBudget> OF_THREAD =
            ThreadLocal.withInitial(() -> new StackBudget(Posix.stack()));

    /// Where the guest's part meets the reserve, as an address; the greatest there is if nobody
    /// knows. Stacks grow down.
    private final long end;

    private final int first;

    private StackBudget(Posix.Stack stack) {
        long size = stack.size() > 0 ? stack.size() : DEFAULT_STACK;
        long usable = Math.max(size - RESERVE, size / 4);
        end = stack.size() > 0 ? stack.low() + size - usable : Long.MAX_VALUE;
        first = part(usable);
    }

    /// Half of it, so that frames may be twice as large as was estimated.
    private static int part(long bytes) {
        return (int) Math.min(bytes / 2, Integer.MAX_VALUE - 1);
    }

    static int ofCurrentThread() {
        return current().first;
    }

    /// A virtual thread is on another stack each time it goes on.
    private static StackBudget current() {
        return Thread.currentThread().isVirtual()
                ? new StackBudget(Posix.stack())
                : OF_THREAD.get();
    }

    /// What the guest may take next, or -1 if there is nothing left, or nobody knows.
    static int more() {
        long left = Posix.stackPointer() - current().end;
        return left < LEAST ? -1 : part(left);
    }
}
