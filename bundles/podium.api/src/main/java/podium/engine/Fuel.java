package podium.engine;

import java.util.concurrent.atomic.AtomicLong;

/// How much guest code may still execute, in units of about one instruction. Given to instances by
/// [Imports#fuel()]; several may share one. Guest code that needs more than there is stops with a
/// [Trap] of kind `OUT_OF_FUEL`: where a function or a round of a loop begins, or before the host's
/// call gets to the guest, and where that is depends on nothing but the module, the engine and what
/// it computes, unless instances on
/// several threads share the fuel.
///
/// Each instruction but those that only structure code counts 1, as does each round of a loop. A
/// call counts at least 1, and may pay for up to 8 of the instructions that the function begins
/// with, however many those are. A piece of code without branches is paid for as a whole when it is
/// entered, and small ones may be paid for in advance where the way to them branches off.
/// Instructions on
/// stretches of memory count 1 more for every 64 bytes, on stretches of tables 1 more for every
/// element. What host functions do counts nothing: a host that wants it to takes it off itself.
///
/// An instance that runs has up to [#SLICE] units in hand, which count as used. They come back when
/// the call returns, so between calls the number is exact; only a call that traps for another
/// reason than fuel may have used up to a slice less than it says.
///
/// Thread-safe.
public final class Fuel {

    /// The most units an instance has in hand.
    public static final int SLICE = 1 << 16;

    /// What is owed at most: below it, what several threads take at once could come out positive.
    private static final long LEAST = Long.MIN_VALUE / 2;

    /// Less than 0 is what was used beyond it: a piece of code is paid for as a whole.
    private final AtomicLong left;

    /// @param units to begin with, not negative
    /// @throws IllegalArgumentException they are negative
    public Fuel(long units) {
        if (units < 0) throw new IllegalArgumentException("fuel of " + units + " units");
        left = new AtomicLong(units);
    }

    /// What is left; 0 if more was used than there was.
    public long left() {
        return Math.max(0, left.get());
    }

    /// Adds some, or takes some off; `Long.MAX_VALUE` is as much as there can be. What was used
    /// beyond what there was is paid first.
    public void add(long units) {
        left.updateAndGet(
                now -> {
                    long sum = now + units;
                    boolean overflows = ((now ^ sum) & (units ^ sum)) < 0;
                    if (overflows) sum = units < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
                    return Math.max(sum, LEAST);
                });
    }

    /// For engines: takes up to some units.
    ///
    /// @return how many; 0 if there are none
    public int take(int units) {
        // one instruction of the processor's where there is enough: guest code does this often
        long before = left.getAndAdd(-units);
        if (before >= units) return units;
        int taken = (int) Math.max(0, before);
        left.getAndAdd(units - taken);
        return taken;
    }
}
