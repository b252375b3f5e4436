package podium.engine.jvm.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Program;

/// The specialised code of an instance: what its interpreter asked for. By the guest's numbers,
/// from 1, which nobody trusts. Used by the instance's thread, but for what [Specialisation] says.
public final class Specialisations {

    /// Bytes of a program.
    private static final int LONGEST = 1 << 16;

    /// Specialisations of an instance at a time.
    private static final int MOST = 2_000;

    /// Of them, those of one program.
    private static final int MOST_ENTRIES = 8;

    /// Of all, those still to be made.
    private static final int MOST_WAITING = 64;

    private static final Specialisation[] NONE = {};

    /// Makes code.
    public interface Maker {

        /// Sets [Specialisation#code] some time; or never. Returns at once.
        void make(Specialisation wanted);
    }

    private Specialisation[] all = NONE;

    /// Numbers by address of entry.
    private final Map<Integer, Integer> byEntry = new HashMap<>();

    /// Where programs begin that have no further entries.
    private final Set<Integer> refused = new HashSet<>();

    /// Those that are still to be made.
    private final AtomicInteger waiting = new AtomicInteger();

    /// No number below is free.
    private int free = 1;

    Specialisations() {}

    /// For compiled code: the code with a number, if it is there and fits. What is entered for the
    /// first time is wanted from now on.
    ///
    /// @param address of the next instruction
    /// @param function the interpreter's index
    public static @Nullable Object find(GuestState state, int address, int number, int function) {
        var all = state.specialisations.all;
        int i = number - 1;
        if (i < 0 || i >= all.length) return null;
        var found = all[i];
        if (found == null || found.entry != address) return null;
        if (found.isOf(function)) return found.code;
        state.specialisations.want(state, found, function);
        return null;
    }

    private void want(GuestState state, Specialisation found, int function) {
        if (found.isWanted() || waiting.get() >= MOST_WAITING) return;
        var maker = state.code.maker();
        if (maker == null) return;
        found.want(function);
        maker.make(found);
    }

    /// @return the number, or 0 if there will be no code
    int ask(GuestState state, int start, int length, int entry) {
        if (state.code.maker() == null || state.memories.length == 0) return 0;
        if (length <= 0 || length > LONGEST) return 0;
        long end = (start & 0xffffffffL) + length;
        var memory = state.memories[0].segment();
        if (end > memory.byteSize() || Integer.compareUnsigned(entry - start, length) >= 0)
            return 0;
        var known = byEntry.get(entry);
        if (known != null) return known;
        if (byEntry.size() >= MOST || refused.contains(start)) return 0;
        if (!isPromising(start)) {
            refused.add(start);
            return 0;
        }
        var bytes = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, start & 0xffffffffL, bytes, 0, length);
        return add(new Specialisation(new Program(start, bytes), entry, waiting));
    }

    /// Whether more entries of a program are welcome.
    private boolean isPromising(int start) {
        int entries = 0;
        for (var one : all) {
            if (one == null || one.program().start() != start) continue;
            if (one.isRefused() || ++entries == MOST_ENTRIES) return false;
        }
        return true;
    }

    private int add(Specialisation wanted) {
        while (free <= all.length && all[free - 1] != null) free++;
        if (free > all.length) all = Arrays.copyOf(all, Math.max(16, 2 * all.length));
        all[free - 1] = wanted;
        byEntry.put(wanted.entry, free);
        return free;
    }

    /// What is known of a range of memory is so no more.
    void forget(int start, int length) {
        refused.removeIf(program -> Integer.compareUnsigned(program - start, length) < 0);
        for (int i = 0; i < all.length; i++) {
            var one = all[i];
            if (one == null || !one.program().overlaps(start, length)) continue;
            one.giveUp();
            byEntry.remove(one.entry);
            all[i] = null;
            free = Math.min(free, i + 1);
        }
    }

    /// When the instance is closed.
    public void close() {
        for (var one : all) if (one != null) one.giveUp();
        all = NONE;
        byEntry.clear();
    }
}
