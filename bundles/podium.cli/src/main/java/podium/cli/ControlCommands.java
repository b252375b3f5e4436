package podium.cli;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.pod.FrozenProcess;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.portal.PortalManager;
import podium.syscall.ErrnoException;
import podium.vfs.MountNamespace;
import podium.vfs.Node;

/// What a container does for a command of another process.
record ControlCommands(PodManager pods, @Nullable PortalManager portals) {

    private static final int BATCH = 256;

    /// @throws CommandException it cannot be done; one line for people
    ControlReply execute(List<String> words) throws CommandException {
        return switch (words.isEmpty() ? "" : words.getFirst()) {
            case "ps" -> ps();
            case "kill" ->
                    kill(
                            words.get(1),
                            Integer.parseInt(words.get(2)),
                            Integer.parseInt(words.get(3)));
            case "freeze" ->
                    freeze(
                            process(words.get(1), Integer.parseInt(words.get(2))),
                            Path.of(words.get(3)),
                            Boolean.parseBoolean(words.get(4)),
                            Duration.ofMillis(Long.parseLong(words.get(5))));
            case "ls" -> ls(words.get(1), words.get(2));
            case "portals" -> portalList();
            default -> throw new CommandException("no such command: " + words);
        };
    }

    private ControlReply ps() {
        var rows = new ArrayList<List<String>>();
        for (var pod : pods.pods())
            for (var process : pod.processes())
                rows.add(
                        List.of(
                                pod.name(),
                                "" + process.pid(),
                                String.join(" ", process.arguments())));
        return ControlReply.of(rows);
    }

    /// @param pid 0 for every process of the pod
    private ControlReply kill(String name, int pid, int signal) throws CommandException {
        var processes = pid == 0 ? pod(name).processes() : List.of(process(name, pid));
        if (processes.isEmpty()) throw new CommandException("pod '" + name + "' has no process");
        var rows = new ArrayList<List<String>>();
        for (var process : processes) {
            process.signal(signal);
            rows.add(List.of(name, "" + process.pid()));
        }
        return ControlReply.of(rows);
    }

    private PodProcess process(String name, int pid) throws CommandException {
        for (var process : pod(name).processes()) if (process.pid() == pid) return process;
        throw new CommandException("pod '" + name + "' has no process " + pid);
    }

    private static ControlReply freeze(
            PodProcess process, Path file, boolean leaveRunning, Duration patience)
            throws CommandException {
        try (var frozen = process.freeze(patience)) {
            write(frozen, file);
            if (!leaveRunning) frozen.end();
            return ControlReply.of(List.of());
        } catch (PodException | IOException e) {
            throw new CommandException(CommandException.message(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandException("the container stops");
        }
    }

    /// It is on the disk when it appears: the process may end then.
    private static void write(FrozenProcess frozen, Path file) throws IOException {
        if (Files.exists(file)) throw new FileAlreadyExistsException(file.toString());
        WholeFile.write(
                file,
                part -> {
                    try (var out = new FileOutputStream(part.toFile())) {
                        frozen.writeTo(new BufferedOutputStream(out));
                        out.getFD().sync();
                    }
                    return file;
                });
    }

    private ControlReply ls(String name, String path) throws CommandException {
        var context = pod(name).files();
        var namespace = context.namespace();
        try {
            var place = namespace.resolve(context, null, path, 0);
            var rows = new ArrayList<List<String>>();
            if (place.node() instanceof Node.Directory directory)
                for (var entry : entries(directory)) {
                    var below = path.endsWith("/") ? path + entry : path + "/" + entry;
                    var found =
                            namespace.resolve(
                                    context, null, below, MountNamespace.AT_SYMLINK_NOFOLLOW);
                    rows.add(FileRow.of(entry, found.attributes()));
                }
            else rows.add(FileRow.of(path, place.attributes()));
            return ControlReply.of(rows);
        } catch (ErrnoException e) {
            throw new CommandException(
                    "cannot list " + name + ":" + path + ": " + e.errno().text());
        }
    }

    private static List<String> entries(Node.Directory directory) {
        var names = new ArrayList<String>();
        for (long cookie = 0; ; ) {
            var batch = directory.entries(cookie, BATCH);
            if (batch.isEmpty()) break;
            for (var entry : batch) names.add(entry.name());
            cookie = batch.getLast().cookie();
        }
        names.sort(null);
        return names;
    }

    private ControlReply portalList() {
        var rows = new ArrayList<List<String>>();
        if (portals == null) return ControlReply.of(rows);
        for (var portal : portals.portals())
            rows.add(
                    List.of(
                            portal.port().pod(),
                            "" + portal.port().port(),
                            portal.uri().toString(),
                            "" + portal.traffic().open(),
                            "" + portal.traffic().connections()));
        return ControlReply.of(rows);
    }

    private Pod pod(String name) throws CommandException {
        var pod = pods.pod(name);
        if (pod == null) throw new CommandException(ControlClient.NO_SUCH_POD + " '" + name + "'");
        return pod;
    }
}
