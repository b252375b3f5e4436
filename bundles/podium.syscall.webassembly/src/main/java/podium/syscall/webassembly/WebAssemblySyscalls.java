package podium.syscall.webassembly;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import podium.engine.Function;
import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.OutOfMemoryException;
import podium.engine.Table;
import podium.engine.TableType;
import podium.engine.Trap;
import podium.engine.ValueType;
import podium.syscall.CString;
import podium.syscall.Errno;
import podium.syscall.Export;
import podium.syscall.Process;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;

/// WebAssembly for programs that have an interface to it of their own, such as JavaScript's: the
/// operations of the core specification's embedding (appendix A.1) on handles. Modules run on the
/// engine that runs the program, at its speed, and can do what the program lets them do.
///
/// What goes wrong with a module is told by an error number and a line of text at an address the
/// caller gives.
@Component(service = SyscallFamily.class)
public final class WebAssemblySyscalls implements SyscallFamily {

    /// Bytes of a module, at most.
    private static final int MOST = 256 << 20;

    /// Bytes of a line of text, with its end.
    private static final int TEXT = 512;

    /// Of a table, at most.
    static final int ELEMENTS = 10_000_000;

    private final Origins origins = new Origins();

    @Override
    public String module() {
        return "webassembly";
    }

    @Override
    public byte @Nullable [] freeze(Process process) {
        var handles = process.handles();
        return handles.numbers().length == 0 ? null : new Freezing(origins, handles).write();
    }

    @Override
    public void thaw(Task task, byte[] state) {
        if (!Windows.possible(task)) throw Errno.ENOSYS.exception();
        new Thawing(origins, task).read(state);
    }

    private static <T> T object(Task task, int handle, Class<T> type) {
        var object = task.process().handles().get(handle);
        if (type.isInstance(object)) return type.cast(object);
        throw Errno.EBADF.exception();
    }

    private static int handle(Task task, Object object) {
        return task.process().handles().of(object);
    }

    private static Slots slots(Task task) {
        return new Slots(task.memory(), task.process().handles());
    }

    /// Says what was wrong.
    private static int failed(Task task, int text, Errno errno, @Nullable String message) {
        var bytes = String.valueOf(message).getBytes(StandardCharsets.UTF_8);
        var line = Arrays.copyOf(bytes, Math.min(bytes.length, TEXT - 1) + 1);
        line[line.length - 1] = 0;
        task.memory().put(text, line);
        return errno.negated();
    }

    /// Puts a text where the guest wants it, if it fits.
    ///
    /// @return its length
    private static int answer(Task task, int address, int size, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= size) task.memory().put(address, bytes);
        return bytes.length;
    }

    // ---- modules

    /// @return a module; `ENOEXEC` when it is not valid or cannot be run, with a text; `ENOSYS`
    /// when
    ///     the engine has no windows
    @Export
    public int module_new(Task task, int address, int length, int text) {
        if (!Windows.possible(task)) return Errno.ENOSYS.negated();
        if (Integer.compareUnsigned(length, MOST) > 0)
            return failed(task, text, Errno.ENOEXEC, "a module of more than 256 MiB");
        try {
            var binary = task.memory().bytes(address, length);
            var module = task.process().load("wasm", binary);
            origins.add(module, binary);
            return handle(task, module);
        } catch (ModuleException e) {
            return failed(task, text, Errno.ENOEXEC, e.getMessage());
        }
    }

    /// What it imports and exports, as JSON: see [Description].
    ///
    /// @return its length, whether it fitted or not
    @Export
    public int module_describe(Task task, int module, int address, int size) {
        return answer(task, address, size, Description.of(object(task, module, Module.class)));
    }

    // ---- instances

    /// Links an instance; [#instance_start] is to follow.
    ///
    /// @param externs handles of what it imports, in the module's order
    /// @param changes where it is counted how often memories grew
    /// @return an instance; with a text: `EINVAL` when an import is of another type, `ENOMEM` when
    /// there
    ///     is no memory, `EFAULT` when a segment is out of bounds
    @Export
    public int instance_new(Task task, int module, int externs, int changes, int text) {
        var wanted = object(task, module, Module.class);
        var given = new Object[wanted.imports().size()];
        for (int i = 0; i < given.length; i++)
            given[i] = task.process().handles().get(task.memory().getInt(externs + 4 * i));
        var imports = new InstanceImports(task, given, type -> window(task, type, changes));
        boolean linked = false;
        try {
            var instance = wanted.link(imports, task);
            var link = new Origins.Link(wanted, given, imports.made());
            origins.add(instance, link, imports.unexported(instance));
            int handle = handle(task, instance);
            linked = true;
            return handle;
        } catch (LinkException e) {
            return failed(task, text, Errno.EINVAL, e.getMessage());
        } catch (OutOfMemoryException e) {
            return failed(task, text, Errno.ENOMEM, e.getMessage());
        } catch (Trap trap) {
            return failed(task, text, Errno.EFAULT, trap.getMessage());
        } finally {
            if (!linked) imports.made().forEach(origins::free);
        }
    }

    private Memory window(Task task, MemoryType type, int changes) {
        var window = new Windows(task, changes).make(type);
        origins.add(window.memory(), window.room());
        return window.memory();
    }

    /// Runs the start function, if there is one.
    ///
    /// @return as [#function_call]
    @Export
    public int instance_start(Task task, int instance, int text) {
        var started = object(task, instance, Instance.class);
        return outcome(task, text, () -> task.start(started));
    }

    /// @param index in the order of the module's exports
    @Export
    public int instance_export(Task task, int instance, int index) {
        var from = object(task, instance, Instance.class);
        var exports = from.module().exports();
        if (Integer.compareUnsigned(index, exports.size()) >= 0) throw Errno.EINVAL.exception();
        var extern = from.export(exports.get(index).name());
        if (extern == null) throw Errno.EINVAL.exception();
        return handle(task, extern);
    }

    // ---- functions

    /// A function of the guest's, to be imported: see [GuestImport].
    @Export
    public int function_new(Task task, @CString String type, int number, int slots) {
        return handle(task, origins.add(new GuestImport(Letters.function(type), number, slots)));
    }

    /// The type, as in [Letters].
    ///
    /// @return its length, whether it fitted or not
    @Export
    public int function_type(Task task, int function, int address, int size) {
        return answer(
                task, address, size, Letters.of(object(task, function, Function.class).type()));
    }

    /// Calls a function; results take the place of the arguments.
    ///
    /// @return 0; 1 when a function of the guest's threw; with a text: `EFAULT` for a trap,
    /// `EOVERFLOW`
    ///     when calls nest too deep, `EOPNOTSUPP` when a value cannot be handed over
    @Export
    public int function_call(Task task, int function, int slots, int text) {
        var called = object(task, function, Function.class);
        if (!(called instanceof GuestFunction guest)) throw Errno.EBADF.exception();
        var values = slots(task);
        return outcome(
                task,
                text,
                () -> {
                    var result = task.enter(guest, values.arguments(slots, guest.type()));
                    values.putResult(slots, guest.type(), result);
                });
    }

    private static int outcome(Task task, int text, Runnable call) {
        try {
            call.run();
            return 0;
        } catch (GuestImport.Thrown thrown) {
            return 1;
        } catch (GuestImport.Crash crash) {
            throw crash.trap;
        } catch (Trap trap) {
            return failed(task, text, errno(trap.kind()), trap.getMessage());
        }
    }

    private static Errno errno(Trap.Kind kind) {
        return switch (kind) {
            case STACK_OVERFLOW -> Errno.EOVERFLOW;
            case OUT_OF_FUEL -> Errno.ETIME;
            default -> Errno.EFAULT;
        };
    }

    // ---- memories

    /// @param shared 0 or 1
    /// @return a memory of zeros; `ENOMEM`
    @Export
    public int memory_new(Task task, int minimum, int maximum, int shared, int changes) {
        if (minimum < 0 || minimum > maximum || maximum > 65_536) return Errno.EINVAL.negated();
        try {
            var type = new MemoryType(minimum, maximum, shared != 0);
            return handle(task, window(task, type, changes));
        } catch (OutOfMemoryException e) {
            return Errno.ENOMEM.negated();
        }
    }

    /// Where it is in the guest's memory, and how many pages it has.
    ///
    /// @param address of two numbers
    @Export
    public int memory_range(Task task, int memory, int address) {
        var inner = object(task, memory, Memory.class);
        long start = inner.segment().address() - task.memory().memory().segment().address();
        task.memory().putInt(address, (int) start);
        task.memory().putInt(address + 4, inner.pages());
        return 0;
    }

    /// @return the pages before; `ENOMEM`
    @Export
    public int memory_grow(Task task, int memory, int delta) {
        int before = object(task, memory, Memory.class).grow(delta);
        return before < 0 ? Errno.ENOMEM.negated() : before;
    }

    // ---- tables

    /// @param maximum -1 for none
    /// @param slot of the elements' value
    @Export
    public int table_new(Task task, int element, int minimum, int maximum, int slot) {
        var type = new TableType(Letters.value(element), minimum, maximum);
        if (type.element() != ValueType.FUNCREF && type.element() != ValueType.EXTERNREF)
            return Errno.EINVAL.negated();
        if (minimum < 0 || minimum > ELEMENTS || maximum >= 0 && minimum > maximum)
            return Errno.EINVAL.negated();
        var value = slots(task).get(slot, type.element());
        try {
            var module = task.process().load("table", TableModule.of(type));
            var instance =
                    module.instantiate(
                            new InstanceImports(
                                    task, new Object[0], memory -> window(task, memory, 0)),
                            task);
            var table = (Table) instance.export(TableModule.EXPORT);
            if (table == null) throw Errno.ENOSYS.exception();
            if (value != null) for (int i = 0; i < minimum; i++) table.set(i, value);
            return handle(task, table);
        } catch (ModuleException | LinkException e) {
            throw new IllegalStateException(e);
        } catch (OutOfMemoryException e) {
            return Errno.ENOMEM.negated();
        }
    }

    @Export
    public int table_size(Task task, int table) {
        return object(task, table, Table.class).size();
    }

    /// @return the size before; `ENOMEM`
    @Export
    public int table_grow(Task task, int table, int delta, int slot) {
        var grown = object(task, table, Table.class);
        int before = grown.grow(delta, slots(task).get(slot, grown.type().element()));
        return before < 0 ? Errno.ENOMEM.negated() : before;
    }

    /// @return 0; `ERANGE`
    @Export
    public int table_get(Task task, int table, int index, int slot) {
        var from = object(task, table, Table.class);
        if (Integer.compareUnsigned(index, from.size()) >= 0) return Errno.ERANGE.negated();
        slots(task).put(slot, from.type().element(), from.get(index));
        return 0;
    }

    /// @return 0; `ERANGE`
    @Export
    public int table_set(Task task, int table, int index, int slot) {
        var to = object(task, table, Table.class);
        if (Integer.compareUnsigned(index, to.size()) >= 0) return Errno.ERANGE.negated();
        to.set(index, slots(task).get(slot, to.type().element()));
        return 0;
    }

    // ---- globals

    /// @param mutable 0 or 1
    @Export
    public int global_new(Task task, int value, int mutable, int slot) {
        var type = new GlobalType(Letters.value(value), mutable != 0);
        return handle(task, new HostGlobal(type, slots(task).get(slot, type.value())));
    }

    @Export
    public int global_get(Task task, int global, int slot) {
        var from = object(task, global, Global.class);
        slots(task).put(slot, from.type().value(), from.get());
        return 0;
    }

    @Export
    public int global_set(Task task, int global, int slot) {
        var to = object(task, global, Global.class);
        if (!to.type().mutable()) return Errno.EPERM.negated();
        to.set(slots(task).get(slot, to.type().value()));
        return 0;
    }

    // ---- the end of each

    /// Forgets a handle, and ends what it is of: an instance is closed, a memory's pages are free.
    @Export
    public int release(Task task, int handle) {
        var object = task.process().handles().get(handle);
        task.process().handles().release(handle);
        if (object instanceof Memory memory) origins.free(memory);
        if (object instanceof Instance instance) {
            instance.close();
            origins.freeInner(instance);
        }
        return 0;
    }
}
