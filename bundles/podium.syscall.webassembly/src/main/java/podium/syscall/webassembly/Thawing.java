package podium.syscall.webassembly;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.GlobalType;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.OutOfMemoryException;
import podium.engine.Snapshot;
import podium.engine.Trap;
import podium.engine.ValueType;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.Task;

/// Makes what [Freezing] wrote. It may come from anybody; what it makes is no more than the program
/// could have made itself.
final class Thawing {

    private final Origins origins;
    private final Task task;
    private final List<Object> objects = new ArrayList<>();

    Thawing(Origins origins, Task task) {
        this.origins = origins;
        this.task = task;
    }

    /// @throws ErrnoException `EINVAL`
    void read(byte[] state) {
        boolean done = false;
        try (var in = new DataInputStream(new ByteArrayInputStream(state))) {
            if (in.readByte() != Freezing.VERSION) throw Errno.EINVAL.exception();
            for (int kind; (kind = in.readByte()) != Freezing.END; ) objects.add(object(kind, in));
            var handles = task.process().handles();
            for (int number; (number = in.readInt()) != 0; )
                handles.put(number, object(in, Object.class));
            done = true;
        } catch (IOException
                | ModuleException
                | LinkException
                | OutOfMemoryException
                | Trap
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            throw Errno.EINVAL.exception();
        } finally {
            if (!done)
                for (var object : objects)
                    if (object instanceof Instance instance) instance.close();
        }
    }

    private Object object(int kind, DataInputStream in)
            throws IOException, ModuleException, LinkException {
        return switch (kind) {
            case Freezing.MODULE -> module(in);
            case Freezing.IMPORT ->
                    origins.add(
                            new GuestImport(
                                    Letters.function(in.readUTF()), in.readInt(), in.readInt()));
            case Freezing.GLOBAL -> global(in);
            case Freezing.MEMORY -> memory(in);
            case Freezing.INSTANCE -> instance(in);
            case Freezing.EXPORT -> export(in);
            default -> throw Errno.EINVAL.exception();
        };
    }

    /// One that was made before.
    private <T> T object(DataInputStream in, Class<T> type) throws IOException {
        return object(in.readInt(), type);
    }

    private <T> T object(long number, Class<T> type) {
        if (number < 0 || number >= objects.size()) throw Errno.EINVAL.exception();
        var object = objects.get((int) number);
        if (!type.isInstance(object)) throw Errno.EINVAL.exception();
        return type.cast(object);
    }

    private Module module(DataInputStream in) throws IOException, ModuleException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) throw Errno.EINVAL.exception();
        var binary = in.readNBytes(length);
        var module = task.process().load("wasm", binary);
        origins.add(module, binary);
        return module;
    }

    private HostGlobal global(DataInputStream in) throws IOException {
        var type = new GlobalType(Letters.value(in.readUnsignedByte()), in.readBoolean());
        boolean given = in.readBoolean();
        long bits = in.readLong();
        return new HostGlobal(type, given ? value(type.value(), bits) : null);
    }

    private Object value(ValueType type, long bits) {
        return switch (type) {
            case I32 -> (int) bits;
            case I64 -> bits;
            case F32 -> Float.intBitsToFloat((int) bits);
            case F64 -> Double.longBitsToDouble(bits);
            case FUNCREF -> object(bits, podium.engine.Function.class);
            case EXTERNREF -> new Slots.Foreign((int) bits);
            case V128, EXNREF -> throw Errno.EINVAL.exception();
        };
    }

    private Memory memory(DataInputStream in) throws IOException {
        return window(new MemoryType(in.readInt(), in.readInt(), in.readBoolean()), in);
    }

    private Memory window(MemoryType type, DataInputStream in) throws IOException {
        return window(type, in.readInt(), in.readInt(), in.readInt());
    }

    private Memory window(MemoryType type, int address, int bytes, int changes) {
        var window = new Windows(task, changes).again(type, address, bytes);
        origins.add(window.memory(), window.room());
        return window.memory();
    }

    private Instance instance(DataInputStream in)
            throws IOException, ModuleException, LinkException {
        var module = object(in, Module.class);
        var externs = new Object[module.imports().size()];
        for (int i = 0; i < externs.length; i++) externs[i] = object(in, Object.class);
        var windows = new ArrayDeque<int[]>();
        for (int count = in.readInt(); count > 0; count--)
            windows.add(new int[] {in.readInt(), in.readInt(), in.readInt()});
        var state = Snapshot.readFrom(in);
        var imports = new InstanceImports(task, externs, type -> next(type, windows));
        var instance = module.thaw(state, imports, task);
        var link = new Origins.Link(module, externs, imports.made());
        origins.add(instance, link, imports.unexported(instance));
        return instance;
    }

    private Memory next(MemoryType type, ArrayDeque<int[]> windows) {
        var window = windows.poll();
        if (window == null) throw Errno.EINVAL.exception();
        return window(type, window[0], window[1], window[2]);
    }

    private Object export(DataInputStream in) throws IOException {
        var instance = object(in, Instance.class);
        var exports = instance.module().exports();
        int index = in.readInt();
        if (Integer.compareUnsigned(index, exports.size()) >= 0) throw Errno.EINVAL.exception();
        return known(instance.export(exports.get(index).name()));
    }

    private static Object known(@Nullable Object object) {
        if (object == null) throw Errno.EINVAL.exception();
        return object;
    }
}
