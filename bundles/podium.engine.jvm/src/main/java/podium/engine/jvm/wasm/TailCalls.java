package podium.engine.jvm.wasm;

import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;

/// The tail calls of a module: which functions make them, and what they call. Self calls, which are
/// loops, are left out. Thread-safe.
public final class TailCalls {

    private final BitSet callers = new BitSet();
    private final Set<Integer> targets = new TreeSet<>();
    private final Set<Long> indirect = new TreeSet<>();

    synchronized void direct(int caller, int callee) {
        callers.set(caller);
        targets.add(callee);
    }

    synchronized void indirect(int caller, int type, int table) {
        callers.set(caller);
        indirect.add((long) type << 32 | table);
    }

    /// Whether a function makes a tail call.
    public synchronized boolean makes(int function) {
        return callers.get(function);
    }

    /// Functions called directly.
    public synchronized Set<Integer> targets() {
        return new TreeSet<>(targets);
    }

    /// Types and tables of indirect calls, type << 32 | table.
    public synchronized Set<Long> indirect() {
        return new TreeSet<>(indirect);
    }
}
