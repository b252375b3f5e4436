package podium.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.pod.PodException;
import podium.syscall.PodContext;
import podium.syscall.Process;
import podium.syscall.Task;

/// The living pods, by name. Apart from the kernel, so that `/proc` can look at them without
/// needing the kernel, which needs the file systems.
///
/// Thread-safe.
@Component(service = PodTable.class)
public final class PodTable {

    /// Guarded by this, oldest first.
    private final Map<String, GuestPod> pods = new LinkedHashMap<>();

    private final Set<String> reserved = new HashSet<>();
    private int made;

    @Activate
    public PodTable() {}

    /// Takes a name while its pod is being made.
    ///
    /// @param wanted empty to have one found
    synchronized String reserve(String wanted) throws PodException {
        var name = wanted;
        if (name.isEmpty()) do name = "pod-" + ++made; while (isTaken(name));
        else if (isTaken(name)) throw new PodException("there is a pod named " + name + " already");
        reserved.add(name);
        return name;
    }

    private boolean isTaken(String name) {
        return pods.containsKey(name) || reserved.contains(name);
    }

    synchronized void endReservation(String name) {
        reserved.remove(name);
    }

    synchronized void add(GuestPod pod) {
        pods.put(pod.name(), pod);
    }

    synchronized void remove(GuestPod pod) {
        pods.remove(pod.name(), pod);
    }

    synchronized @Nullable GuestPod get(String name) {
        return pods.get(name);
    }

    /// The pod of a name, for those who look at it from its files.
    public synchronized @Nullable PodContext context(String name) {
        return pods.get(name);
    }

    /// The task that the calling thread runs, or null on a thread of the host's.
    public static @Nullable Task currentTask() {
        return GuestThread.current();
    }

    /// That task's pod.
    public static @Nullable PodContext current() {
        var task = GuestThread.current();
        return task == null ? null : task.process().pod();
    }

    /// A process's tasks.
    public static List<? extends Task> tasks(Process process) {
        return ((GuestProcess) process).tasks().list();
    }

    synchronized List<GuestPod> all() {
        return new ArrayList<>(pods.values());
    }
}
