package podium.kernel.gate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.ValueType;
import podium.kernel.gate.Binder.Exported;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// Calls by what is known only at run time: `linux.syscall` by number, and the module `podium` by
/// name, through which an interpreter in a guest reaches every function that a family exports.
///
/// - `podium.lookup(name, length) i32`: a handle for `module.name`, or -ENOENT.
/// - `podium.signature(handle, buffer, size) i32`: writes the signature, a letter for each
///   parameter, a colon, one for the result: `i l f d` numbers, `b` a buffer, `s` a string with
///   length, `c` the address of one that ends with NUL, `v` nothing. Returns its length; -ERANGE
///   when the buffer is smaller.
/// - `podium.invoke(handle, arguments, result) i32`: every parameter takes 8 bytes, a buffer or
///   string its address and its length, 4 bytes each. The result is 8 bytes. Returns 0, -EBADF, or
///   the error the function threw.
///
/// They lead to the gates and have none themselves: the inner call is the one that is counted,
/// traced and restarted.
final class DynamicCalls {

    private static final int MAX_HANDLES = 4096;
    private static final FunctionType SIX =
            new FunctionType(Collections.nCopies(6, ValueType.I32), List.of(ValueType.I32));

    private final GateTable table;
    private final AtomicReferenceArray<@Nullable SyscallGate> byNumber =
            new AtomicReferenceArray<>(SyscallTable.SIZE);
    private final CopyOnWriteArrayList<Handle> handles = new CopyOnWriteArrayList<>();

    /// @param signature as the function had it when it was looked up
    private record Handle(String name, SyscallGate gate, String signature) {

        /// Whether it still leads there: an update may have changed the function, and while there
        /// is none, callers are held for a while.
        boolean isFor(@Nullable Exported export) {
            return export == null ? gate.awaited() : signature.equals(export.signature());
        }
    }

    DynamicCalls(GateTable table) {
        this.table = table;
    }

    /// The function for one of these imports, or null when it is none of them.
    @Nullable HostFunction resolve(String module, String name, FunctionType type) {
        var method =
                switch (module + "." + name) {
                    case "linux.syscall" -> "syscall";
                    case "podium.lookup" -> "lookup";
                    case "podium.signature" -> "signature";
                    case "podium.invoke" -> "invoke";
                    default -> null;
                };
        if (method == null) return null;
        int parameters = method.equals("syscall") ? 7 : method.equals("lookup") ? 2 : 3;
        var wanted =
                new FunctionType(
                        Collections.nCopies(parameters, ValueType.I32), List.of(ValueType.I32));
        if (!wanted.equals(type)) return null;
        return new HostFunction(type, find(method, HostFunction.handleType(type)));
    }

    private MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.lookup().findVirtual(DynamicCalls.class, name, type).bindTo(this);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("UnusedMethod") // these all by name
    private int syscall(Object context, int number, int a, int b, int c, int d, int e, int f) {
        var caller = (Caller) context;
        return (int) gate(number).call(caller, new long[] {a, b, c, d, e, f});
    }

    private SyscallGate gate(int number) {
        // All numbers nobody knows share one gate, or a guest could make gates without end.
        int slot = number >= 0 && number < SyscallTable.SIZE ? number : SyscallTable.SIZE - 1;
        var known = byNumber.get(slot);
        if (known != null) return known;
        var name = SyscallTable.name(slot);
        var gate = table.gate(GateTable.LINUX, name != null ? name : "syscall_unknown", SIX);
        byNumber.set(slot, gate);
        return gate;
    }

    @SuppressWarnings("UnusedMethod")
    private int lookup(Object context, int address, int length) {
        try {
            if (Integer.compareUnsigned(length, 256) > 0) return Errno.ENAMETOOLONG.negated();
            return lookup(((Caller) context).memory().string(address, length));
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    private int lookup(String name) {
        int dot = name.indexOf('.');
        if (dot < 0) return Errno.ENOENT.negated();
        var module = name.substring(0, dot);
        synchronized (handles) {
            var export = table.exported(module, name.substring(dot + 1));
            for (int i = 0; i < handles.size(); i++) {
                var known = handles.get(i);
                if (known.name.equals(name) && known.isFor(export)) return i;
            }
            if (export == null) return Errno.ENOENT.negated();
            if (handles.size() == MAX_HANDLES) return Errno.ENFILE.negated();
            var gate = table.gate(module, export.name(), export.type());
            handles.add(new Handle(name, gate, export.signature()));
            return handles.size() - 1;
        }
    }

    @SuppressWarnings("UnusedMethod")
    private int signature(Object context, int handle, int address, int size) {
        if (handle < 0 || handle >= handles.size()) return Errno.EBADF.negated();
        var signature = handles.get(handle).signature.getBytes(StandardCharsets.US_ASCII);
        if (Integer.compareUnsigned(size, signature.length) < 0) return Errno.ERANGE.negated();
        try {
            ((Caller) context).memory().put(address, signature);
            return signature.length;
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    @SuppressWarnings("UnusedMethod")
    private int invoke(Object context, int handle, int arguments, int result) {
        if (handle < 0 || handle >= handles.size()) return Errno.EBADF.negated();
        var caller = (Caller) context;
        var target = handles.get(handle);
        try {
            var values = arguments(caller, target, arguments);
            caller.memory().getLong(result); // EFAULT before the call rather than after
            caller.failure = null;
            long value = target.gate.call(caller, values);
            var failure = caller.failure;
            if (failure != null) return failure.negated();
            caller.memory().putLong(result, value);
            return 0;
        } catch (ErrnoException e) {
            return e.errno().negated();
        }
    }

    private static long[] arguments(Caller caller, Handle handle, int address) {
        var memory = caller.memory();
        var values = new long[handle.gate.type().parameters().size()];
        int at = 0;
        for (int i = 0; handle.signature.charAt(i) != ':'; i++, address += 8)
            switch (handle.signature.charAt(i)) {
                case 'l', 'd' -> values[at++] = memory.getLong(address);
                case 'b', 's' -> {
                    values[at++] = memory.getInt(address);
                    values[at++] = memory.getInt(address + 4);
                }
                default -> values[at++] = memory.getInt(address);
            }
        return values;
    }
}
