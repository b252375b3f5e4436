package podium.engine.jvm.runtime;

/// How deep guest code may nest on a thread. Compiled functions take the size of their frame off a
/// budget in bytes, so that
/// the guest stops with a trap before the Java stack does, and host functions always have room.
final class StackBudget {

    /// Kept for host functions and for what the estimates of frames miss.
    private static final long RESERVE = 192 << 10;

    /// Assumed when the thread's stack size cannot be found out: HotSpot's default.
    private static final long DEFAULT_STACK = 1 << 20;

    private StackBudget() {}

    private static final ThreadLocal<Integer> BUDGET =
            ThreadLocal.withInitial(() -> budget(Posix.stackSize()));

    static int ofCurrentThread() {
        return BUDGET.get();
    }

    private static int budget(long stack) {
        long size = stack > 0 ? stack : DEFAULT_STACK;
        long usable = Math.max(size - RESERVE, size / 4) / 10 * 9;
        return (int) Math.min(usable, Integer.MAX_VALUE - 1);
    }
}
