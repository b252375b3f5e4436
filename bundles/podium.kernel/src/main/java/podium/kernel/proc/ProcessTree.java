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

    private final Process process;
    private final String path;
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    ProcessTree(Process process) {
        this.process = process;
        path = "/" + process.pid();
        var texts = new ProcessTexts(process);
        text("cgroup", () -> "0::/\n");
        text("cmdline", texts::commandLine);
        text("comm", texts::name);
        text("limits", texts::limits);
        text("loginuid", () -> "4294967295");
        text("mountinfo", texts::mountInfo);
        text("mounts", texts::mounts);
        text("oom_score_adj", () -> "0\n");
        text("stat", texts::stat);
        text("statm", texts::memoryPages);
        text("status", texts::status);
        link("cwd", () -> process.fs().workingDirectory().path());
        link("exe", process::executable);
        link("root", () -> "/");
        nodes.put("fd", new ProcDirectory(path + "/fd", this::descriptors, this::descriptor));
        nodes.put("task", new ProcDirectory(path + "/task", this::tasks, this::task));
    }

    private void text(String name, Supplier<String> text) {
        nodes.put(name, new ProcText(path + "/" + name, text));
    }

    private void link(String name, Supplier<String> target) {
        nodes.put(name, new ProcLink(path + "/" + name, target));
    }

    Node.Directory root() {
        return new ProcDirectory(path, () -> List.copyOf(nodes.keySet()), nodes::get);
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
        if (!tasks().contains(name)) return null;
        var texts = new ProcessTexts(process);
        var at = path + "/task/" + name;
        Map<String, Node> files = new LinkedHashMap<>();
        files.put("comm", new ProcText(at + "/comm", texts::name));
        files.put("stat", new ProcText(at + "/stat", texts::stat));
        files.put("status", new ProcText(at + "/status", texts::status));
        return new ProcDirectory(at, () -> List.copyOf(files.keySet()), files::get);
    }
}
