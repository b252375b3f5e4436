package podium.kernel.proc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.kernel.PodTable;
import podium.syscall.PodContext;
import podium.vfs.Node;

/// The tree of one pod's `proc`.
final class ProcTree {

    private final Supplier<@Nullable PodContext> pod;
    private final Map<String, Node> fixed = new LinkedHashMap<>();
    private final ProcDirectory root = new ProcDirectory("/", this::names, this::lookup);

    ProcTree(Supplier<@Nullable PodContext> pod) {
        this.pod = pod;
        link("self", ProcTree::self);
        link("thread-self", ProcTree::threadSelf);
        link("mounts", () -> "self/mounts");
        text("cmdline", () -> "podium\n");
        text("cpuinfo", Machine::cpus);
        text("filesystems", () -> "nodev\tproc\nnodev\tdev\nnodev\tmemory\n");
        text("loadavg", () -> ofPod(Machine::load));
        text("meminfo", () -> ofPod(Machine::memory));
        text("stat", () -> ofPod(Machine::statistics));
        text("uptime", Machine::uptime);
        text("version", () -> "Linux version 6.12.0 (podium) #1 Podium\n");
        fixed.put("sys", new SystemTree(pod).root());
    }

    private void text(String name, Supplier<String> text) {
        fixed.put(name, new ProcText("/" + name, text));
    }

    private void link(String name, Supplier<String> target) {
        fixed.put(name, new ProcLink("/" + name, target));
    }

    /// A text about the pod; empty once it is gone.
    private String ofPod(Function<PodContext, String> text) {
        var context = pod.get();
        return context == null ? "" : text.apply(context);
    }

    private static String self() {
        var task = PodTable.currentTask();
        return task == null ? "" : Integer.toString(task.process().pid());
    }

    private static String threadSelf() {
        var task = PodTable.currentTask();
        return task == null ? "" : task.process().pid() + "/task/" + task.tid();
    }

    Node.Directory root() {
        return root;
    }

    private List<String> names() {
        var names = new ArrayList<>(fixed.keySet());
        var context = pod.get();
        if (context != null)
            for (var process : context.processes()) names.add(Integer.toString(process.pid()));
        return names;
    }

    private @Nullable Node lookup(String name) {
        var node = fixed.get(name);
        if (node != null) return node;
        int pid = number(name);
        var context = pod.get();
        if (pid < 0 || context == null) return null;
        var process = context.process(pid);
        return process == null ? null : new ProcessTree(process).root();
    }

    /// @return -1 when it is none
    static int number(String name) {
        if (name.isEmpty() || name.length() > 9 || name.charAt(0) == '0') return -1;
        for (int i = 0; i < name.length(); i++)
            if (name.charAt(i) < '0' || name.charAt(i) > '9') return -1;
        return Integer.parseInt(name);
    }
}
