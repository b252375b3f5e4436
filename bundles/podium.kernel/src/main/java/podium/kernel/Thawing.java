package podium.kernel;

import java.util.ArrayList;
import java.util.List;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap;
import podium.kernel.GuestTask.Entry;
import podium.kernel.frozen.FrozenFile;
import podium.kernel.frozen.FrozenFiles;
import podium.kernel.frozen.ProcessState;
import podium.kernel.gate.Tracer;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.OpenFile;
import podium.syscall.ResourceLimit;
import podium.vfs.FsContext;

/// Makes a process of a frozen one. What that says is not believed: it gets no more than a program
/// that begins in the pod could.
record Thawing(GuestPod pod, ProcessState frozen, ProcessSpec wanted) {

    private static final int SEEK_SET = 0;

    /// See [podium.pod.Pod#thaw].
    static PodProcess thaw(GuestPod pod, ProcessState frozen, ProcessSpec wanted)
            throws PodException {
        return new Thawing(pod, frozen, wanted).thaw();
    }

    private PodProcess thaw() throws PodException {
        try (var context = pod.context()) {
            var program = program(context);
            enter(context);
            return launch(context, program);
        } catch (ErrnoException e) {
            throw refusal(
                    e.errno() == Errno.EAGAIN
                            ? "the pod's limit of processes is reached"
                            : e.errno().text());
        } catch (LinkException e) {
            throw refusal(Providers.explain(e, pod.gates()));
        } catch (ModuleException | OutOfMemoryException | Trap e) {
            throw refusal(String.valueOf(e.getMessage()));
        }
    }

    private PodException refusal(String reason) {
        return new PodException(frozen.program().name() + " cannot be thawed: " + reason);
    }

    private Program program(FsContext context) throws PodException, ModuleException {
        var its = frozen.program();
        var module = wanted.module();
        Program found;
        try {
            found =
                    module == null
                            ? pod.loader()
                                    .load(context, its.path(), its.arguments(), its.environment())
                            : pod.loader().load(module, its.arguments(), its.environment());
        } catch (ErrnoException e) {
            throw refusal(its.path() + ": " + e.errno().text());
        }
        if (!found.module().sha256().equals(frozen.state().sha256()))
            throw refusal(its.path() + " is another program now");
        return new Program(
                found.module(), frozen.state(), its.path(), its.arguments(), its.environment());
    }

    private void enter(FsContext context) throws PodException {
        var files = frozen.files();
        try {
            var root = context.namespace().resolve(context, null, files.root(), 0);
            var directory = context.namespace().resolve(context, null, files.directory(), 0);
            if (!files.root().equals("/")) context.setRoot(root);
            context.setWorkingDirectory(directory);
            context.setUmask(files.umask());
        } catch (ErrnoException e) {
            throw refusal(files.directory() + ": " + e.errno().text());
        }
    }

    private PodProcess launch(FsContext context, Program program)
            throws PodException, LinkException {
        var limits = pod.spec().limits();
        int pid = frozen.pid();
        if (!pod.table().allocate(pid, limits.processes(), limits.threads()))
            throw refusal("there is a process " + pid + " already, which it was");
        var standard = StandardFiles.of(wanted, frozen.files().unread());
        var process = make(context, program, standard);
        boolean started = false;
        try {
            process.setCredentials(frozen.files().credentials());
            openFiles(process, standard);
            restore(process);
            var task = task(process, program);
            process.setMonotonic(frozen.monotonic());
            thawFamilies(task);
            pod.run(process, task);
            started = true;
            return new ProcessView(process);
        } finally {
            if (!started) pod.abandon(process);
        }
    }

    private GuestProcess make(FsContext context, Program program, StandardFiles standard) {
        var tracer = wanted.strace() == null ? null : new Tracer(wanted.strace());
        return new GuestProcess(
                frozen.pid(),
                pod,
                new DescriptorTable(pod.spec().limits().files()),
                context,
                program,
                tracer,
                standard.terminal(),
                frozen.program().directories());
    }

    /// Puts files at the descriptors: the same one at those that shared one.
    private void openFiles(GuestProcess process, StandardFiles standard) throws PodException {
        var opened = new ArrayList<OpenFile>();
        try {
            for (var file : frozen.files().files()) opened.add(open(process, file, standard));
            for (var descriptor : frozen.files().descriptors()) place(process, opened, descriptor);
        } finally {
            standard.release();
            for (var file : opened) file.release();
        }
    }

    private void place(
            GuestProcess process, List<OpenFile> opened, FrozenFiles.Descriptor descriptor)
            throws PodException {
        var file = opened.get(descriptor.file());
        if (!file.retain()) throw new IllegalStateException("a closed file: " + file);
        try {
            int fd = descriptor.number();
            process.files().add(file, fd, descriptor.closeOnExec(), descriptor.grant());
        } catch (ErrnoException e) {
            throw refusal(
                    "it has descriptor %d, and the pod allows %d"
                            .formatted(descriptor.number(), process.files().limit()));
        }
    }

    /// @return with a use that is the caller's
    private OpenFile open(GuestProcess process, FrozenFile file, StandardFiles standard)
            throws PodException {
        return switch (file) {
            case FrozenFile.Stream stream -> {
                var known = standard.get(stream.number());
                known.retain();
                yield known;
            }
            case FrozenFile.Named named -> open(named);
            case FrozenFile.Severed severed -> {
                var socket = severed.socket();
                yield socket == null
                        ? new SeveredFile(severed.flags())
                        : socket(process, severed.flags(), socket);
            }
        };
    }

    private OpenFile socket(GuestProcess process, int flags, byte[] state) throws PodException {
        var sockets = pod.sockets();
        if (sockets == null) throw refusal("it has sockets, and there is no network");
        try {
            var file = sockets.thaw(process, state);
            file.setFlags(flags);
            return file;
        } catch (ErrnoException e) {
            throw refusal("a socket of its: " + e.errno().text());
        }
    }

    private OpenFile open(FrozenFile.Named named) throws PodException {
        int flags = named.flags() & ~(OpenFile.O_CREAT | OpenFile.O_TRUNC | OpenFile.O_EXCL);
        var context = pod.files();
        try {
            var file = context.namespace().open(context, null, named.path(), flags, 0);
            long moved = named.offset() == 0 ? 0 : file.seek(named.offset(), SEEK_SET);
            if (moved >= 0) return file;
            file.release();
            throw refusal(named.path() + " has no place " + named.offset());
        } catch (ErrnoException e) {
            throw refusal(named.path() + ": " + e.errno().text());
        }
    }

    private void restore(GuestProcess process) {
        var actions = frozen.actions();
        for (int i = 0; i < actions.size(); i++)
            if ((Signals.bit(i + 1) & Signals.UNBLOCKABLE) == 0)
                process.setAction(i + 1, actions.get(i));
        var limits = frozen.limits();
        for (int i = 0; i < Math.min(limits.size(), Capture.LIMITED.size()); i++) {
            int resource = Capture.LIMITED.get(i);
            long most = process.limit(resource).hard();
            long soft = least(limits.get(i).soft(), most);
            long hard = least(limits.get(i).hard(), most);
            process.setLimit(resource, new ResourceLimit(soft, hard), true);
        }
    }

    private static long least(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    private void thawFamilies(GuestTask task) throws PodException {
        boolean done = false;
        try {
            for (var each : frozen.families().entrySet())
                try {
                    pod.gates().thaw(task, each.getKey(), each.getValue());
                } catch (ErrnoException e) {
                    throw refusal("its " + each.getKey() + ": " + e.errno().text());
                }
            done = true;
        } finally {
            if (!done) task.image().release();
        }
    }

    /// The process's task, with its memory.
    private GuestTask task(GuestProcess process, Program program) throws LinkException {
        var its = frozen.task();
        var task = new GuestTask(frozen.pid(), process, its.mask(), process.tracer());
        var image =
                new Image(program, pod.engine(), pod.gates(), pod.spec().limits().memory(), task);
        image.addressSpace().restore(frozen.mapped());
        process.setProgram(image);
        process.setName(frozen.program().name());
        task.prepare(
                new Entry(
                        image,
                        image.first(),
                        frozen.program().export(),
                        frozen.program().parameters(),
                        true));
        task.setClearTid(its.clearTid());
        task.signals().setAlternativeStack(its.stack());
        task.frames().adopt(its.frames());
        return task;
    }
}
