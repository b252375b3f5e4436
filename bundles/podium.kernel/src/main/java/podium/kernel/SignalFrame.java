package podium.kernel;

import podium.engine.Global;
import podium.engine.GuestFunction;
import podium.engine.Trap;
import podium.kernel.gate.SignalNames;
import podium.syscall.GuestMemory;
import podium.syscall.SignalAction;
import podium.syscall.SignalInfo;

/// Runs one signal handler: below the guest's stack pointer lie `siginfo_t` and `ucontext_t`, then
/// the guest's restorer is called with the handler's index.
///
/// When the handler leaves by longjmp, which unwinds through here, stack pointer and mask are the
/// guest's affair: siglongjmp has put them back.
final class SignalFrame {

    /// Bytes of siginfo_t.
    private static final int INFO = 128;

    /// Room for ucontext_t; only uc_sigmask in it has a meaning.
    private static final int CONTEXT = 176;

    /// What a function without calls may use below the stack pointer.
    private static final int RED_ZONE = 128;

    private static final int SI_USER = 0;

    private SignalFrame() {}

    static void run(GuestTask task, SignalInfo info, SignalAction action) {
        var restorer = restorer(task, action);
        if (restorer == null) {
            // Without a restorer no handler can be called; as on a machine, a jump to nowhere.
            task.process()
                    .tasks()
                    .fail(
                            Signals.SIGSEGV,
                            task.process().name()
                                    + ": the handler of "
                                    + SignalNames.name(info.signal())
                                    + " has no restorer");
            return;
        }
        var pointer = (Global) task.instance().export("__stack_pointer");
        int stack = pointer == null ? 0 : (Integer) java.util.Objects.requireNonNull(pointer.get());
        long mask = task.signals().mask();
        int frame = pointer == null ? 0 : write(task, info, action, stack, mask);
        task.signals().setMask(mask | blocked(info, action));
        if (pointer != null) pointer.set(frame);
        int context = frame == 0 ? 0 : frame + INFO;
        call(restorer, action.handler(), info.signal(), frame, context);
        if (pointer != null) pointer.set(stack);
        task.signals().setMask(mask);
    }

    /// An exception that leaves the handler goes on in the frames that the signal interrupted.
    private static void call(
            GuestFunction restorer, int handler, int signal, int info, int context) {
        try {
            restorer.call(handler, signal, info, context);
        } catch (Trap trap) {
            if (trap.kind() == Trap.Kind.UNCAUGHT_EXCEPTION
                    && trap.getCause() instanceof RuntimeException thrown) throw thrown;
            throw trap;
        }
    }

    private static @org.jspecify.annotations.Nullable GuestFunction restorer(
            GuestTask task, SignalAction action) {
        return task.instance().functionAt(action.restorer());
    }

    private static long blocked(SignalInfo info, SignalAction action) {
        boolean nested = (action.flags() & SignalAction.SA_NODEFER) != 0;
        return action.mask() | (nested ? 0 : Signals.bit(info.signal()));
    }

    /// @return the frame's address, which is the stack pointer for the handler
    private static int write(
            GuestTask task, SignalInfo info, SignalAction action, int stack, long mask) {
        var memory = task.memory();
        int top = stack - RED_ZONE;
        var alternative = task.signals().alternativeStack();
        if ((action.flags() & SignalAction.SA_ONSTACK) != 0
                && alternative != null
                && !alternative.contains(stack)) top = alternative.top();
        int frame = (top - INFO - CONTEXT) & -16;
        memory.clear(frame, INFO + CONTEXT);
        writeInfo(memory, frame, info);
        // ucontext_t: flags, link and stack come before the mask.
        memory.putLong(frame + INFO + 20, mask);
        return frame;
    }

    /// siginfo_t of 32-bit Linux, asm-generic: three numbers, then what the kind of signal has.
    static void writeInfo(GuestMemory memory, int address, SignalInfo info) {
        memory.putInt(address, info.signal());
        memory.putInt(address + 8, info.code());
        memory.putInt(address + 12, info.pid());
        memory.putInt(address + 16, info.uid());
        if (info.signal() == Signals.SIGCHLD || info.code() != SI_USER)
            memory.putInt(address + 20, info.value());
    }
}
