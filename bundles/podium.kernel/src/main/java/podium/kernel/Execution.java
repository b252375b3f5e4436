package podium.kernel;

import java.util.List;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap;
import podium.kernel.GuestTask.Entry;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;

/// execve(2), and the start of a pod's programs.
final class Execution {

    private Execution() {}

    static int execute(
            GuestTask caller, String path, List<String> arguments, List<String> environment) {
        var process = caller.process();
        var program = load(process, path, arguments, environment);
        if (caller.actsAsChild()) return executeForChild(caller, program);
        var entry = entry(caller, program);
        process.tasks().killOthers(caller);
        commit(process, entry.image());
        caller.becomeFirst();
        throw caller.change(entry);
    }

    private static Program load(
            GuestProcess process, String path, List<String> arguments, List<String> environment) {
        try {
            return process.pod().loader().load(process.fs(), path, arguments, environment);
        } catch (ModuleException e) {
            Failure.LOG.warn("{} cannot run: {}", path, e.getMessage());
            throw Errno.ENOEXEC.exception();
        }
    }

    /// The child gets a task of its own, and the caller is the parent again.
    private static int executeForChild(GuestTask caller, Program program) {
        var child = caller.process();
        var task = new GuestTask(child.pid(), child, caller.signals().mask(), child.tracer());
        var entry = entry(task, program);
        task.prepare(entry);
        if (child.tasks().ending()) entry.image().release(); // killed in the meantime
        else {
            commit(child, entry.image());
            Cloning.start(task, child);
            task.signals().setMask(task.signals().mask());
        }
        return caller.actAsParent(_ -> {});
    }

    /// What cannot be undone, when nothing can fail any more.
    private static void commit(GuestProcess process, Image image) {
        process.setProgram(image);
        process.files().closeForExec();
        process.signals().resetForExec();
        process.releaseParent();
    }

    /// A new memory with the program and its arguments in it.
    private static Entry entry(GuestTask task, Program program) {
        try {
            return start(task, program);
        } catch (LinkException e) {
            Failure.LOG.warn("{}", Providers.explain(e, task.process().pod().gates()));
            throw Errno.ENOEXEC.exception();
        } catch (OutOfMemoryException e) {
            throw Errno.ENOMEM.exception();
        } catch (Trap e) {
            Failure.LOG.warn("{}: a segment does not fit: {}", program.path(), e.getMessage());
            throw Errno.ENOEXEC.exception();
        }
    }

    /// Makes a new memory with the program and its arguments in it.
    ///
    /// @throws LinkException an import is missing
    /// @throws OutOfMemoryException the memory is more than there is
    static Entry start(GuestTask task, Program program) throws LinkException {
        return start(task, program, program.entry());
    }

    private static int block(GuestTask task, Program program, Image image) {
        return ArgumentBlock.write(
                new GuestMemory(image.memory()),
                image.addressSpace(),
                program,
                task.process().credentials());
    }

    /// The same, beginning with a given function.
    static Entry start(GuestTask task, Program program, String entry) throws LinkException {
        var pod = task.process().pod();
        var limits = task.process().limits();
        var image = new Image(program, pod.engine(), pod.gates(), limits.memory(), task);
        try {
            var arguments =
                    program.takesBlock(entry)
                            ? List.of(block(task, program, image))
                            : List.<Integer>of();
            return new Entry(image, image.first(), entry, arguments, true);
        } catch (ErrnoException e) {
            image.release();
            throw e;
        }
    }
}
