package podium.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.kernel.gate.GateTable;
import podium.pod.Limits;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.syscall.ErrnoException;
import podium.syscall.Sockets;
import podium.syscall.SyscallFamily;
import podium.vfs.MountException;
import podium.vfs.MountNamespace;
import podium.vfs.MountSpec;
import podium.vfs.Vfs;

/// The kernel: makes pods out of an engine, file systems and system-call families, which may come
/// and go. Usable as it is; [KernelService] makes a service of it.
///
/// Thread-safe.
public final class Kernel implements PodManager, AutoCloseable {

    private final Vfs vfs;
    private final GateTable gates = new GateTable();
    private final ModuleCatalog catalog;
    private final Modules modules = new Modules();
    private final PodTable pods;
    private final AtomicReference<@Nullable Sockets> sockets = new AtomicReference<>();
    private final CopyOnWriteArrayList<RankedEngine> engines = new CopyOnWriteArrayList<>();

    private record RankedEngine(Engine engine, int ranking) {}

    /// @param pods where the pods are entered, for `/proc`
    public Kernel(Vfs vfs, ModuleCatalog catalog, PodTable pods) {
        this.vfs = vfs;
        this.catalog = catalog;
        this.pods = pods;
    }

    public void add(Engine engine, int ranking) {
        engines.add(new RankedEngine(engine, ranking));
        engines.sort(Comparator.comparingInt(RankedEngine::ranking).reversed());
    }

    /// No pod is made on this engine any more. Those there are keep it.
    public void remove(Engine engine) {
        engines.removeIf(ranked -> ranked.engine == engine);
        modules.forget(engine);
    }

    /// See [GateTable#add].
    public void add(SyscallFamily family, int ranking, long age) {
        gates.add(family, ranking, age);
    }

    /// See [GateTable#remove].
    public void remove(SyscallFamily family) {
        gates.remove(family);
    }

    /// What makes sockets for processes that are thawed.
    public void setSockets(Sockets sockets) {
        this.sockets.set(sockets);
    }

    public void removeSockets(Sockets sockets) {
        this.sockets.compareAndSet(sockets, null);
    }

    @Nullable Sockets sockets() {
        return sockets.get();
    }

    GateTable gates() {
        return gates;
    }

    /// See [GateTable#settle()].
    void settle() {
        gates.settle();
    }

    /// See [GateTable#settled()].
    void settled() {
        gates.settled();
    }

    @Override
    public Pod create(PodSpec spec) throws PodException {
        var engine = engine(spec.engine());
        var name = pods.reserve(spec.name());
        try {
            var namespace = namespace(name, spec.mounts());
            var loader = new Loader(modules, catalog, engine, metered(spec));
            var pod = new GuestPod(name, spec, this, engine, vfs, namespace, loader);
            pods.add(pod);
            return pod.view();
        } catch (MountException e) {
            throw new PodException(String.valueOf(e.getMessage()), 1, e);
        } finally {
            pods.endReservation(name);
        }
    }

    private static boolean metered(PodSpec spec) {
        return spec.limits().fuel() != Limits.NO_FUEL_LIMIT;
    }

    private Engine engine(String name) throws PodException {
        for (var ranked : engines)
            if (name.isEmpty() || ranked.engine.name().equals(name)) return ranked.engine;
        if (engines.isEmpty())
            throw new PodException(
                    "there is no WebAssembly engine: install one, such as podium.engine.jvm");
        var names = engines.stream().map(ranked -> ranked.engine.name()).distinct().sorted();
        throw new PodException(
                "there is no WebAssembly engine named "
                        + name
                        + "; there is "
                        + names.collect(Collectors.joining(", ")));
    }

    private MountNamespace namespace(String pod, List<MountSpec> wanted) throws MountException {
        var mounts = StandardMounts.with(wanted, pod);
        var namespace = vfs.namespace(List.of(mounts.getFirst()));
        boolean done = false;
        try (var context = vfs.context(namespace, podium.syscall.Credentials.ROOT)) {
            for (var mount : mounts.subList(1, mounts.size())) {
                StandardMounts.makeTarget(context, mount.target());
                namespace.mount(context, mount);
            }
            done = true;
            return namespace;
        } catch (ErrnoException e) {
            throw new MountException("a mount's folder cannot be made: " + e.getMessage(), e);
        } finally {
            if (!done) namespace.close();
        }
    }

    @Override
    public List<Pod> pods() {
        var views = new ArrayList<Pod>();
        for (var pod : pods.all()) views.add(pod.view());
        return views;
    }

    @Override
    public @Nullable Pod pod(String name) {
        var pod = pods.get(name);
        return pod == null ? null : pod.view();
    }

    void closed(GuestPod pod) {
        pods.remove(pod);
    }

    /// Closes all pods.
    @Override
    public void close() {
        for (var pod : pods()) pod.close();
    }
}
