package podium.kernel.proc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import podium.kernel.PodTable;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.syscall.Process;
import podium.vfs.Node;

/// `/proc/PID`.
final class ProcessTree {

    private static final List<String> NAMES =
            List.of(
                    "cgroup",
                    "cmdline",
                    "comm",
                    "limits",
                    "loginuid",
                    "mountinfo",
                    "mounts",
                    "oom_score_adj",
                    "stat",
                    "statm",
                    "status",
                    "cwd",
                    "exe",
                    "root",
                    "fd",
                    "task");

    private final Process process;
    private final ProcessTexts texts;
    private final String path;

    ProcessTree(Process process) {
        this.process = process;
        texts = new ProcessTexts(process);
        path = "/" + process.pid();
    }

    /// The node of one of [#NAMES], made when it is looked up: a program looks at few.
    private @Nullable Node node(String name) {
        return switch (name) {
            case "cgroup" -> text(name, () -> "0::/\n");
            case "cmdline" -> text(name, texts::commandLine);
            case "comm" -> text(name, texts::name);
            case "limits" -> text(name, texts::limits);
            case "loginuid" -> text(name, () -> "4294967295");
            case "mountinfo" -> text(name, texts::mountInfo);
            case "mounts" -> text(name, texts::mounts);
            case "oom_score_adj" -> text(name, () -> "0\n");
            case "stat" -> text(name, texts::stat);
            case "statm" -> text(name, texts::memoryPages);
            case "status" -> text(name, texts::status);
            case "cwd" -> link(name, () -> process.fs().workingDirectory().path());
            case "exe" -> link(name, process::executable);
            case "root" -> link(name, () -> "/");
            case "fd" -> new ProcDirectory(path + "/fd", this::descriptors, this::descriptor);
            case "task" -> new ProcDirectory(path + "/task", this::tasks, this::task);
            default -> null;
        };
    }

    private Node text(String name, Supplier<String> text) {
        return new ProcText(path + "/" + name, text);
    }

    private Node link(String name, Supplier<String> target) {
        return new ProcLink(path + "/" + name, target);
    }

    Node.Directory root() {
        return new ProcDirectory(path, () -> NAMES, this::node);
    }

    private List<String> descriptors() {
        return IntStream.of(process.files().open()).mapToObj(Integer::toString).toList();
    }

    private @Nullable Node descriptor(String name) {
        int fd = name.equals("0") ? 0 : ProcTree.number(name);
        if (fd < 0 || !isOpen(fd)) return null;
        return new ProcLink(
                path + "/fd/" + name,
                () -> file(fd).description(),
                () -> {
                    try {
                        return process.files().retain(fd);
                    } catch (ErrnoException e) {
                        throw Errno.ENOENT.exception(); // closed since
                    }
                });
    }

    private boolean isOpen(int fd) {
        try {
            process.files().get(fd);
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }

    private OpenFile file(int fd) {
        try {
            return process.files().get(fd);
        } catch (ErrnoException e) {
            throw Errno.ENOENT.exception();
        }
    }

    private List<String> tasks() {
        return PodTable.tasks(process).stream().map(t -> Integer.toString(t.tid())).toList();
    }

    private @Nullable Node task(String name) {
        var found =
                PodTable.tasks(process).stream()
                        .filter(t -> Integer.toString(t.tid()).equals(name))
                        .findFirst();
        if (found.isEmpty()) return null;
        var task = found.get();
        var at = path + "/task/" + name;
        Map<String, Node> files = new LinkedHashMap<>();
        files.put("comm", new ProcText(at + "/comm", () -> ProcessTexts.name(task)));
        files.put("stat", new ProcText(at + "/stat", texts::stat));
        files.put("status", new ProcText(at + "/status", texts::status));
        return new ProcDirectory(at, () -> List.copyOf(files.keySet()), files::get);
    }
}
