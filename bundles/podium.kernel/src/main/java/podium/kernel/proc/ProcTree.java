package podium.kernel.proc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.kernel.PodTable;
import podium.syscall.PodContext;
import podium.vfs.Node;

/// The tree of one pod's `proc`.
final class ProcTree {

    private static final List<String> NAMES =
            List.of(
                    "self",
                    "thread-self",
                    "mounts",
                    "cmdline",
                    "cpuinfo",
                    "filesystems",
                    "loadavg",
                    "meminfo",
                    "stat",
                    "uptime",
                    "version",
                    "sys");

    private final Supplier<@Nullable PodContext> pod;
    private final ProcDirectory root = new ProcDirectory("/", this::names, this::lookup);

    ProcTree(Supplier<@Nullable PodContext> pod) {
        this.pod = pod;
    }

    /// The node of one of [#NAMES], made when it is looked up: a program looks at few.
    private @Nullable Node fixed(String name) {
        return switch (name) {
            case "self" -> link(name, ProcTree::self);
            case "thread-self" -> link(name, ProcTree::threadSelf);
            case "mounts" -> link(name, () -> "self/mounts");
            case "cmdline" -> text(name, () -> "podium\n");
            case "cpuinfo" -> text(name, Machine::cpus);
            case "filesystems" -> text(name, () -> "nodev\tproc\nnodev\tdev\nnodev\tmemory\n");
            case "loadavg" -> text(name, () -> ofPod(Machine::load));
            case "meminfo" -> text(name, () -> ofPod(Machine::memory));
            case "stat" -> text(name, () -> ofPod(Machine::statistics));
            case "uptime" -> text(name, Machine::uptime);
            case "version" -> text(name, () -> "Linux version 6.12.0 (podium) #1 Podium\n");
            case "sys" -> new SystemTree(pod).root();
            default -> null;
        };
    }

    private static Node text(String name, Supplier<String> text) {
        return new ProcText("/" + name, text);
    }

    private static Node link(String name, Supplier<String> target) {
        return new ProcLink("/" + name, target);
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
        var names = new ArrayList<>(NAMES);
        var context = pod.get();
        if (context != null)
            for (var process : context.processes()) names.add(Integer.toString(process.pid()));
        return names;
    }

    private @Nullable Node lookup(String name) {
        var node = fixed(name);
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
