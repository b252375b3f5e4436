package podium.kernel;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.OutOfMemoryException;
import podium.engine.Trap;
import podium.kernel.GuestTask.Entry;
import podium.kernel.gate.Unwind;
import podium.syscall.Errno;
import podium.syscall.Pollable;

/// clone(2), as far as a WebAssembly machine has it: further tasks, and children on the memory of
/// their parent.
final class Cloning {

    private static final String START = "__linux_thread_start";

    private Cloning() {}

    static int startTask(GuestTask caller, int stack, int parentTid, int clearTid) {
        return startTask(
                caller,
                START,
                task -> {
                    if (parentTid != 0) caller.memory().putInt(parentTid, task.tid());
                    task.setClearTid(clearTid);
                    return List.of(stack);
                });
    }

    static int startTask(GuestTask caller, String export, int argument) {
        if (!caller.image().isShared()) throw Errno.ENOSYS.exception();
        return startTask(caller, export, task -> List.of(task.tid(), argument));
    }

    /// @param arguments of the export, for the task that is to call it
    private static int startTask(
            GuestTask caller, String export, Function<GuestTask, List<Integer>> arguments) {
        var process = caller.process();
        var pod = process.pod();
        if (caller.instance().function(export) == null || !hasThreads(pod))
            throw Errno.ENOSYS.exception();
        int tid = pod.table().allocate(Integer.MAX_VALUE, process.limits().threads());
        var task = new GuestTask(tid, process, caller.signals().mask(), process.tracer());
        try {
            enter(task, caller.image(), export, arguments.apply(task));
            start(task, process);
            return tid;
        } finally {
            pod.table().release(tid); // without effect when it has started
        }
    }

    private static boolean hasThreads(GuestPod pod) {
        return pod.engine().features().contains(Engine.Feature.THREADS);
    }

    /// Gives a task an instance of its own over its caller's memory.
    private static void enter(GuestTask task, Image image, String export, List<Integer> arguments) {
        var instance = instance(task, image);
        task.prepare(new Entry(image.retain(), instance, export, arguments, false));
    }

    private static Instance instance(GuestTask task, Image image) {
        try {
            return image.instance(task);
        } catch (LinkException | OutOfMemoryException | Trap e) {
            Failure.LOG.warn("no instance for {}: {}", task, e.getMessage());
            throw Errno.EAGAIN.exception();
        }
    }

    /// Starts a prepared task, or undoes its preparation.
    static void start(GuestTask task, GuestProcess process) {
        boolean added = process.tasks().add(task);
        try {
            if (!added) throw Errno.EAGAIN.exception();
            var pod = process.pod();
            task.start(pod.threads(), pod.stackFor(process, task));
        } catch (OutOfMemoryError e) {
            process.tasks().remove(task);
            abandon(task);
            throw GuestTask.noThread();
        } catch (podium.syscall.ErrnoException e) {
            abandon(task);
            throw e;
        }
    }

    private static void abandon(GuestTask task) {
        var image = task.image();
        if (task.instance() != image.first()) task.instance().close();
        image.release();
    }

    static int vfork(GuestTask caller, int stack) {
        var waitedFor = caller.vforkChild();
        if (waitedFor != null && caller.resumed()) {
            // It may have been woken for something else, to be stopped, say.
            if ((waitedFor.done().readiness() & Pollable.IN) == 0)
                return caller.blockUninterruptibly(waitedFor.done(), Pollable.IN);
            caller.setVforkChild(null);
            return waitedFor.pid();
        }
        var parent = caller.process();
        var pod = parent.pod();
        var limits = parent.limits();
        int pid = pod.table().allocate(limits.processes(), limits.threads());
        var child = new GuestProcess(pid, parent);
        if (stack == 0) {
            lend(caller, child, null);
            return 0;
        }
        try {
            if (!hasThreads(pod)) return runHere(caller, child, stack);
            var task = new GuestTask(pid, child, caller.signals().mask(), child.tracer());
            enter(task, caller.image(), START, List.of(stack));
            pod.table().add(child);
            child.begins();
            start(task, child);
        } catch (podium.syscall.ErrnoException e) {
            pod.table().release(pid);
            pod.table().forget(child);
            child.files().closeAll();
            child.fs().close();
            throw e;
        }
        caller.setVforkChild(new GuestTask.VforkChild(pid, child.released()));
        return caller.blockUninterruptibly(child.released(), Pollable.IN);
    }

    private static void lend(GuestTask caller, GuestProcess child, @Nullable Instance instance) {
        child.tasks().borrow();
        child.pod().table().add(child);
        child.begins();
        caller.actAs(child, instance);
    }

    /// Runs the child on its parent's thread, which waits for it anyway, where an engine has no
    /// other thread for the same memory. It comes back when the child ends or executes a program.
    private static int runHere(GuestTask caller, GuestProcess child, int stack) {
        try (var instance = instance(caller, caller.image())) {
            var start = instance.function(START);
            if (start == null) throw Errno.ENOSYS.exception();
            lend(caller, child, instance);
            try {
                instance.start();
                start.call(stack);
                caller.actAsParent(ended -> ended.tasks().terminate(0, 0));
            } catch (Trap trap) {
                if (caller.attention(GuestTask.KILLED)) throw Unwind.EXIT;
                caller.actAsParent(ended -> Failure.trapped(ended, trap));
            }
        } catch (Unwind unwind) {
            if (unwind != Unwind.CHILD) throw unwind;
        }
        return child.pid();
    }
}
