package podium.kernel.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.ImportType;
import podium.engine.ValueType;
import podium.kernel.gate.Binder.Exported;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Process;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// All gates, and the families behind them. Families come and go while guests call.
///
/// Thread-safe. The lock is held to change targets only, never while somebody waits for tasks.
public final class GateTable {

    private static final Logger LOG = LoggerFactory.getLogger(GateTable.class);

    /// The module of Linux system calls, for which an import nobody provides is no error.
    public static final String LINUX = "linux";

    /// Arguments of a Linux system call.
    private static final int MAX_REGISTERS = 6;

    /// From here on, calls that nobody knows share a gate.
    private static final int MANY_GATES = 2000;

    /// How long callers wait for a family that went, before ENOSYS.
    private static final long HOLD = 10_000_000_000L;

    /// How long a family that goes waits for tasks inside it.
    private static final long DRAIN = 2_000_000_000L;

    private final ConcurrentHashMap<Key, SyscallGate> gates = new ConcurrentHashMap<>();
    private final AtomicInteger indices = new AtomicInteger();
    private final CopyOnWriteArrayList<SyscallGate> byIndex = new CopyOnWriteArrayList<>();
    private final Set<Caller> callers = ConcurrentHashMap.newKeySet();

    /// Guarded by this; the strongest first.
    private final List<Provider> providers = new ArrayList<>();

    /// Whether families are still on their way, so that a missing one may come. Guarded by this.
    private boolean settling;

    private final DynamicCalls dynamic = new DynamicCalls(this);
    private final long hold;

    public GateTable() {
        this(HOLD);
    }

    /// @param hold how long callers wait for a family that went, in nanoseconds
    public GateTable(long hold) {
        this.hold = hold;
    }

    private record Key(String module, String name, FunctionType type) {}

    private record Provider(SyscallFamily family, int ranking, long age, List<Exported> exports) {}

    /// Adds a family.
    ///
    /// @param ranking the greatest wins
    /// @param age among equals the smallest wins, as among OSGi services
    /// @throws IllegalArgumentException an exported method cannot be bound; the message names it
    public synchronized void add(SyscallFamily family, int ranking, long age) {
        providers.removeIf(p -> p.family == family);
        providers.add(new Provider(family, ranking, age, Binder.exports(family)));
        providers.sort(
                Comparator.comparingInt(Provider::ranking)
                        .reversed()
                        .thenComparingLong(Provider::age));
        republish(family.module());
        notifyAll();
    }

    /// Says that the system is starting: callers of what is missing are held, as for a family that
    /// went.
    public synchronized void settle() {
        settling = true;
    }

    /// Says that all families that were to come are there: what is missing is not to be had.
    public synchronized void settled() {
        settling = false;
        notifyAll();
        for (var gate : gates.values())
            if (gate.target().boundId == 0) gate.publish(Target.missing(gate.type()), hold);
    }

    /// Removes a family: no call starts on it any more, and none is inside it when this returns,
    /// unless it stayed there for two seconds; such a task's process is killed.
    public void remove(SyscallFamily family) {
        var left = new HashSet<Long>();
        synchronized (this) {
            for (var gate : gates.values())
                if (gate.target().owner == family) left.add(gate.target().boundId);
            providers.removeIf(p -> p.family == family);
            republish(family.module());
        }
        drain(left, family);
    }

    private void republish(String module) {
        for (var gate : gates.values())
            if (gate.module().equals(module)) {
                var best = best(gate.module(), gate.name(), gate.type());
                var owner = gate.target().owner;
                if (best == null ? owner != null : best.family() != owner)
                    gate.publish(best == null ? null : target(best, gate.type()), hold);
            }
    }

    /// The strongest family's function of a name that a guest can call as it wants to; if there is
    /// none, the strongest family's of that name.
    ///
    /// @param type what a guest wants it as; null for any
    private @Nullable Exported best(String module, String name, @Nullable FunctionType type) {
        Exported named = null;
        for (var provider : providers)
            if (provider.family.module().equals(module))
                for (var export : provider.exports) {
                    if (!export.name().equals(name)) continue;
                    if (type == null || fits(export, type)) return export;
                    if (named == null) named = export;
                }
        return named;
    }

    /// Linux ones take fewer or more arguments than the guest gives, as on a machine, where they
    /// are
    /// registers.
    private static boolean fits(Exported export, FunctionType type) {
        return export.type().equals(type)
                || (export.family().module().equals(LINUX) && isRegisters(export.type(), type));
    }

    /// The exported method as a target of a gate's type; null if it does not fit.
    private @Nullable Target target(Exported export, FunctionType type) {
        if (!fits(export, type)) return null;
        var family = export.family();
        if (export.type().equals(type)) return Target.unbound(export::bind, family);
        return Target.unbound(() -> resize(export.bind(), type.parameters().size()), family);
    }

    private static boolean isRegisters(FunctionType one, FunctionType other) {
        return one.results().equals(other.results())
                && areInts(one.parameters())
                && areInts(other.parameters());
    }

    static boolean areInts(List<ValueType> types) {
        for (var type : types) if (type != ValueType.I32) return false;
        return true;
    }

    private static MethodHandle resize(MethodHandle handle, int wanted) {
        int count = handle.type().parameterCount() - 1;
        if (count > wanted) {
            var zeros = new Object[count - wanted];
            java.util.Arrays.fill(zeros, 0);
            return MethodHandles.insertArguments(handle, wanted + 1, zeros);
        }
        var surplus = new Class<?>[wanted - count];
        java.util.Arrays.fill(surplus, int.class);
        return MethodHandles.dropArguments(handle, count + 1, surplus);
    }

    /// The function for an import, or null when nobody provides it. Linux system calls nobody
    /// provides answer -ENOSYS.
    public @Nullable HostFunction resolve(ImportType wanted) {
        if (!(wanted.type() instanceof FunctionType type)) return null;
        var direct = dynamic.resolve(wanted.module(), wanted.name(), type);
        if (direct != null) return direct;
        var key = new Key(wanted.module(), wanted.name(), type);
        var gate = gates.get(key);
        if (gate != null && (gate.awaited() || wanted.module().equals(LINUX)))
            return gate.function();
        if (!wanted.module().equals(LINUX)) {
            var export = awaitExported(wanted.module(), wanted.name(), type);
            if (export == null || !export.type().equals(type)) return null;
        } else if (!isRegisters(type, type) || type.parameters().size() > MAX_REGISTERS)
            return null;
        return gate(wanted.module(), bounded(wanted.module(), wanted.name()), type).function();
    }

    /// The name, unless nobody knows it and there are many such already: a guest must not fill the
    /// host with gates that stay.
    private String bounded(String module, String name) {
        boolean room = byIndex.size() < MANY_GATES;
        return room || SyscallTable.isKnown(name) || exported(module, name) != null
                ? name
                : "unknown";
    }

    /// The gate for a name and type, made when there is none.
    SyscallGate gate(String module, String name, FunctionType type) {
        var key = new Key(module, name, type);
        var known = gates.get(key);
        if (known != null) return known;
        synchronized (this) {
            var again = gates.get(key);
            if (again != null) return again;
            var gate = new SyscallGate(module, name, type, indices.getAndIncrement());
            var best = best(module, name, type);
            var target = best == null ? null : target(best, type);
            if (best != null && target == null)
                LOG.warn("{}.{} is {}, but a guest wants {}", module, name, best.type(), type);
            if (target != null || settling) gate.publish(target, hold);
            byIndex.add(gate);
            gates.put(key, gate);
            return gate;
        }
    }

    /// The same, but while families are on their way one is waited for.
    private synchronized @Nullable Exported awaitExported(
            String module, String name, FunctionType type) {
        long deadline = System.nanoTime() + hold;
        for (; ; ) {
            var export = best(module, name, type);
            long left = (deadline - System.nanoTime()) / 1_000_000;
            boolean found = export != null && fits(export, type);
            if (found || !settling || left <= 0) return export;
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
    }

    /// What a name is exported as now, or null.
    synchronized @Nullable Exported exported(String module, String name) {
        return best(module, name, null);
    }

    private synchronized List<SyscallFamily> families() {
        return providers.stream().map(Provider::family).toList();
    }

    /// Tells the families a program imports from that it begins. It may outlive its family's bundle
    /// by this one call, which works on the kernel's objects alone.
    ///
    /// @param modules of import
    /// @throws podium.syscall.ErrnoException it cannot
    public void begin(Set<String> modules, Task task) {
        for (var family : families()) if (modules.contains(family.module())) family.begin(task);
    }

    /// What some family has of a process, so that it cannot be frozen; null for nothing.
    public @Nullable String bar(Process process) {
        for (var family : families()) {
            var has = family.holds(process);
            if (has != null) return has;
        }
        return null;
    }

    /// What the families have of a process that goes along when it is frozen, by their modules.
    ///
    /// @throws UnsupportedOperationException some of it cannot
    public Map<String, byte[]> freeze(Process process) {
        var states = new LinkedHashMap<String, byte[]>();
        for (var family : families()) {
            var state = family.freeze(process);
            if (state != null) states.putIfAbsent(family.module(), state);
        }
        return states;
    }

    /// Gives it to the process of a task.
    ///
    /// @throws podium.syscall.ErrnoException `ENOSYS` when there is no such family; as
    ///     [SyscallFamily#thaw] has it
    public void thaw(Task task, String module, byte[] state) {
        for (var family : families())
            try {
                if (!family.module().equals(module)) continue;
                family.thaw(task, state);
                return;
            } catch (ErrnoException e) {
                if (e.errno() != Errno.ENOSYS) throw e; // else it is another's of this module
            }
        throw Errno.ENOSYS.exception();
    }

    /// Whether some family exports a function of a name, of whatever type.
    public boolean serves(String module, String name) {
        return exported(module, name) != null;
    }

    /// All gates, by [SyscallGate#index()].
    public List<SyscallGate> gates() {
        return byIndex;
    }

    /// A task that will make calls. To be told before its first one.
    public void enter(Caller caller) {
        callers.add(caller);
    }

    /// A task that makes no more calls.
    public void exit(Caller caller) {
        callers.remove(caller);
    }

    private void drain(Collection<Long> targets, SyscallFamily family) {
        long deadline = System.nanoTime() + DRAIN;
        for (var caller : callers) {
            long inside = caller.inside();
            if (inside == 0 || !targets.contains(inside)) continue;
            while (caller.inside() == inside && System.nanoTime() < deadline)
                LockSupport.parkNanos(this, 100_000);
            if (caller.inside() == inside) caller.straggling(family.getClass().getName());
        }
    }
}
