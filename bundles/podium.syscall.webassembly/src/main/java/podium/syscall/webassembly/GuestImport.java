package podium.syscall.webassembly;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.Trap;
import podium.syscall.Errno;
import podium.syscall.Task;

/// A function of the guest's that an instance imports.
///
/// @param number what the guest knows it by
/// @param slots where arguments and results are handed over
record GuestImport(FunctionType type, int number, int slots) {

    /// What the guest exports for it: takes the number, and answers 0, or 1 when the function threw
    /// and the guest keeps what.
    private static final String EXPORT = "__webassembly_import";

    private static final MethodHandle CALL;

    static {
        try {
            CALL =
                    MethodHandles.lookup()
                            .findVirtual(
                                    GuestImport.class,
                                    "call",
                                    MethodType.methodType(
                                            Object.class, Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// Ends the calls between the guest's function that threw and the guest.
    static final class Thrown extends RuntimeException {

        private static final long serialVersionUID = 1;
        static final Thrown THROWN = new Thrown();

        private Thrown() {
            super(null, null, false, false);
        }
    }

    /// Carries a trap of the guest's own code through the frames of an instance, which must not
    /// take
    /// it for one of theirs.
    static final class Crash extends RuntimeException {

        private static final long serialVersionUID = 1;
        final transient Trap trap;

        Crash(Trap trap) {
            super(null, trap, false, false);
            this.trap = trap;
        }
    }

    HostFunction function() {
        var java = HostFunction.handleType(type);
        var handle =
                CALL.bindTo(this)
                        .asCollector(Object[].class, type.parameters().size())
                        .asType(java);
        return new HostFunction(type, handle);
    }

    @SuppressWarnings("UnusedMethod") // by name
    private @Nullable Object call(Object context, @Nullable Object[] arguments) {
        var task = (Task) context;
        var values = new Slots(task.memory(), task.process().handles());
        values.putArguments(slots, type, arguments);
        var export = task.instance().function(EXPORT);
        if (export == null) throw Errno.ENOSYS.exception();
        Object status;
        try {
            status = task.enter(export, number);
        } catch (Trap trap) {
            throw new Crash(trap);
        }
        if (!Integer.valueOf(0).equals(status)) throw Thrown.THROWN;
        return values.result(slots, type);
    }
}
