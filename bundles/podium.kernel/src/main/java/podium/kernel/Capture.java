package podium.kernel;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.kernel.frozen.FrozenFile;
import podium.kernel.frozen.FrozenFiles;
import podium.kernel.frozen.FrozenFiles.Descriptor;
import podium.kernel.frozen.FrozenProgram;
import podium.kernel.frozen.FrozenTask;
import podium.kernel.frozen.ProcessState;
import podium.kernel.gate.PausedCall;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.syscall.ResourceLimit;
import podium.syscall.SignalAction;
import podium.syscall.SocketFile;
import podium.vfs.FsContext;
import podium.vfs.Location;
import podium.vfs.Mode;
import podium.vfs.MountNamespace;

/// What there is of a process besides its memory, and what of that cannot be taken along: whatever
/// has its other end in another process, or in the kernel.
final class Capture {

    /// The resources of which a process can have less than its pod.
    static final List<Integer> LIMITED = List.of(ResourceLimit.CPU, ResourceLimit.NOFILE);

    private static final int SEEK_CUR = 1;

    private Capture() {}

    /// Why a process cannot be frozen at a call, or null.
    static @Nullable String bar(GuestTask task) {
        if (Asyncify.of(task.instance()) == null)
            return "it is not made for that; wasm-opt --asyncify, of Binaryen, makes it so";
        var bar = barOfProcess(task);
        return bar != null ? bar : barOfFiles(task.process(), false);
    }

    /// Why one that is at rest cannot be frozen, or null. It knows how to do without what has
    /// another end.
    static @Nullable String barAtRest(GuestTask task) {
        var bar = barOfProcess(task);
        return bar != null ? bar : barOfFiles(task.process(), true);
    }

    private static @Nullable String barOfProcess(GuestTask task) {
        var process = task.process();
        if (!process.pod().engine().features().contains(Engine.Feature.SNAPSHOTS))
            return "the engine has no snapshots";
        int tasks = process.tasks().running();
        if (tasks > 1) return "it has " + tasks + " threads";
        if (process.pod().table().hasChildren(process.pid())) return "it has children";
        if (task.hasEndings()) return "it has robust mutexes";
        if (task.signals().pending() != 0) return "signals are pending that it blocks";
        return process.pod().gates().bar(process);
    }

    /// @param resting whether what has another end may stay behind
    private static @Nullable String barOfFiles(GuestProcess process, boolean resting) {
        var context = process.pod().files();
        var directory = process.fs().workingDirectory().path();
        if (find(context, process.fs().root().path(), 0) == null
                || find(context, directory, 0) == null) return "its working directory is removed";
        if (isAbout(process, directory)) return "its working directory is about itself";
        var files = process.files();
        for (int fd : files.open()) {
            var file = files.get(fd);
            boolean other = hasOtherEnd(file);
            if (other && resting) continue;
            var bar = other ? "has another end" : barOf(process, file);
            if (bar != null) return "descriptor %d, %s, %s".formatted(fd, file, bar);
        }
        return null;
    }

    /// What a path leads to; null for nothing.
    private static @Nullable Location find(FsContext context, String path, int flags) {
        try {
            return context.namespace().resolve(context, null, path, flags);
        } catch (ErrnoException e) {
            return null;
        }
    }

    /// Whether it is nothing without another process, or the kernel.
    private static boolean hasOtherEnd(OpenFile file) {
        if (file instanceof StreamFile) return false;
        var place = file.location();
        if (place == null) return true;
        int type = Mode.type(place.attributes().mode());
        return type == Mode.FIFO || type == Mode.SOCKET;
    }

    /// Whether it is not there yet when the process is thawed: its files come before itself.
    private static boolean isAbout(GuestProcess process, String path) {
        return (path + "/").startsWith("/proc/" + process.pid() + "/");
    }

    private static @Nullable String barOf(GuestProcess process, OpenFile file) {
        if (file instanceof StreamFile) return null;
        var context = process.pod().files();
        var place = Objects.requireNonNull(file.location());
        if (isAbout(process, place.path())) return "is about the process itself";
        var attributes = place.attributes();
        var found = find(context, place.path(), MountNamespace.AT_SYMLINK_NOFOLLOW);
        if (found == null
                || found.device() != place.device()
                || found.attributes().inode() != attributes.inode()) return "has no name any more";
        var locks = file.locks();
        return locks != null && (locks.has(process.files()) || locks.has(file))
                ? "is locked"
                : null;
    }

    /// The state of a process whose frames are down.
    ///
    /// @param frames the block they are in
    /// @throws UnsupportedOperationException a table refers to what is not the program's
    /// @throws podium.engine.OutOfMemoryException its memory has more content than an image
    static ProcessState of(GuestTask task, int frames, PausedCall call) {
        var entry = task.running();
        return of(task, entry.export(), entry.arguments(), new FrozenTask.Frames(frames, call));
    }

    /// The state of a process that is at rest.
    ///
    /// @throws UnsupportedOperationException, podium.engine.OutOfMemoryException as [#of]
    static ProcessState atRest(GuestTask task) {
        return of(task, Rest.EXPORT, List.of(), null);
    }

    private static ProcessState of(
            GuestTask task,
            String export,
            List<Integer> arguments,
            FrozenTask.@Nullable Frames frames) {
        var process = task.process();
        var families = process.pod().gates().freeze(process);
        if (families.isEmpty() && process.handles().used())
            throw new UnsupportedOperationException("a family keeps something for it");
        var actions = new ArrayList<SignalAction>();
        for (int i = 1; i <= Signals.LAST; i++) actions.add(process.action(i));
        var limits = new ArrayList<ResourceLimit>();
        for (int resource : LIMITED) limits.add(process.limit(resource));
        return new ProcessState(
                process.pid(),
                program(process, export, arguments),
                files(process),
                new FrozenTask(
                        task.signals().mask(),
                        task.signals().alternativeStack(),
                        task.clearTid(),
                        frames),
                process.monotonic(),
                actions,
                limits,
                families,
                task.image().addressSpace().pages(),
                task.instance().freeze());
    }

    private static FrozenProgram program(
            GuestProcess process, String export, List<Integer> arguments) {
        return new FrozenProgram(
                process.executable(),
                process.name(),
                process.arguments(),
                process.environment(),
                export,
                arguments,
                process.directories());
    }

    private static FrozenFiles files(GuestProcess process) {
        var table = process.files();
        var files = new ArrayList<FrozenFile>();
        Map<OpenFile, Integer> known = new IdentityHashMap<>();
        var descriptors = new ArrayList<Descriptor>();
        byte[] unread = {};
        for (int fd : table.open()) {
            var file = table.get(fd);
            if (file instanceof StreamInput input) unread = input.unread();
            var index = known.get(file);
            if (index == null) {
                index = files.size();
                known.put(file, index);
                files.add(frozen(file));
            }
            descriptors.add(
                    new Descriptor(fd, index, table.closeOnExec(fd), table.grant(fd, file)));
        }
        return new FrozenFiles(
                process.fs().root().path(),
                process.fs().workingDirectory().path(),
                process.fs().umask(),
                process.credentials(),
                files,
                List.copyOf(descriptors),
                unread);
    }

    private static FrozenFile frozen(OpenFile file) {
        if (file instanceof StreamFile stream) return new FrozenFile.Stream(stream.number());
        if (hasOtherEnd(file)) {
            var state = file instanceof SocketFile socket ? socket.freeze() : null;
            return new FrozenFile.Severed(file.flags(), state);
        }
        var path = Objects.requireNonNull(file.location()).path();
        return new FrozenFile.Named(path, file.flags(), Math.max(0, file.seek(0, SEEK_CUR)));
    }
}
