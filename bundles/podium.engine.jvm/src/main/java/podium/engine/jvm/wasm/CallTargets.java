package podium.engine.jvm.wasm;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// What the bodies of a module call through tables, and by tail calls: what the classes around the
/// functions' own are made of. Tail calls of a function to itself, which are loops, are left out;
/// code that cannot be reached counts. Thread-safe.
public final class CallTargets {

    private final Set<Long> indirect = ConcurrentHashMap.newKeySet();
    private final BitSet tailCallers = new BitSet();
    private final Set<Integer> tail = new TreeSet<>();
    private final Set<Long> indirectTail = new TreeSet<>();

    void indirect(int type, int table) {
        indirect.add(pair(type, table));
    }

    synchronized void tail(int caller, int callee) {
        tailCallers.set(caller);
        tail.add(callee);
    }

    synchronized void indirectTail(int caller, int type, int table) {
        tailCallers.set(caller);
        indirectTail.add(pair(type, table));
    }

    /// Writes all that was found.
    public synchronized void writeTo(DataOutput out) throws IOException {
        write(out, indirect);
        write(out, indirectTail);
        write(out, tail.stream().map(Integer::longValue).toList());
        write(out, tailCallers.stream().asLongStream().boxed().toList());
    }

    private static void write(DataOutput out, Collection<Long> numbers) throws IOException {
        out.writeInt(numbers.size());
        for (long number : numbers) out.writeLong(number);
    }

    /// What was written another time.
    public static CallTargets readFrom(DataInput in) throws IOException {
        var targets = new CallTargets();
        for (int left = in.readInt(); left > 0; left--) targets.indirect.add(in.readLong());
        for (int left = in.readInt(); left > 0; left--) targets.indirectTail.add(in.readLong());
        for (int left = in.readInt(); left > 0; left--) targets.tail.add((int) in.readLong());
        for (int left = in.readInt(); left > 0; left--)
            targets.tailCallers.set((int) in.readLong());
        return targets;
    }

    private static long pair(int type, int table) {
        return (long) type << 32 | table;
    }

    /// Types and tables of indirect calls, type << 32 | table.
    public Set<Long> indirect() {
        return new TreeSet<>(indirect);
    }

    /// Whether a function makes a tail call.
    public synchronized boolean makesTailCalls(int function) {
        return tailCallers.get(function);
    }

    /// Functions called directly by tail calls.
    public synchronized Set<Integer> tail() {
        return new TreeSet<>(tail);
    }

    /// Types and tables of indirect tail calls, type << 32 | table.
    public synchronized Set<Long> indirectTail() {
        return new TreeSet<>(indirectTail);
    }
}
