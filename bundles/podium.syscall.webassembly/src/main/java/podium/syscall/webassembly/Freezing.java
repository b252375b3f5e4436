package podium.syscall.webassembly;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.engine.HostFunction;
import podium.engine.Instance;
import podium.engine.Memory;
import podium.engine.MemoryImage;
import podium.engine.Module;
import podium.engine.Snapshot;
import podium.syscall.Handles;

/// Writes what a program has of WebAssembly, for [Thawing]: first the objects, each after those it
/// is made of, then which number is which object. What is in memories is in the program's own.
final class Freezing {

    static final int VERSION = 1;

    /// Kinds of objects.
    static final int MODULE = 1;

    static final int IMPORT = 2;
    static final int GLOBAL = 3;
    static final int MEMORY = 4;
    static final int INSTANCE = 5;
    static final int EXPORT = 6;
    static final int END = 0;

    private final Origins origins;
    private final Handles handles;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    /// By object, in the order they are written.
    private final Map<Object, Integer> written = new IdentityHashMap<>();

    /// What instances export.
    private final Map<Object, Place> exported = new IdentityHashMap<>();

    private record Place(Instance instance, int index) {}

    Freezing(Origins origins, Handles handles) {
        this.origins = origins;
        this.handles = handles;
    }

    /// @throws UnsupportedOperationException something cannot be made again
    byte[] write() {
        var objects = new LinkedHashMap<Integer, Object>();
        for (int number : handles.numbers()) {
            var object = handles.get(number);
            if (object != null) objects.put(number, object);
        }
        for (var object : objects.values())
            if (object instanceof Instance instance) lookAt(instance);
        try {
            out.writeByte(VERSION);
            for (var object : objects.values()) write(object);
            out.writeByte(END);
            for (var each : objects.entrySet()) {
                out.writeInt(each.getKey());
                out.writeInt(write(each.getValue())); // its place: it is written
            }
            out.writeInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into an array
        }
        return bytes.toByteArray();
    }

    private void lookAt(Instance instance) {
        var exports = instance.module().exports();
        for (int i = 0; i < exports.size(); i++) {
            var extern = instance.export(exports.get(i).name());
            // What it imports itself is another's, or the guest's.
            if (extern != null && !isImported(instance, extern))
                exported.putIfAbsent(extern, new Place(instance, i));
        }
    }

    private boolean isImported(Instance instance, Extern extern) {
        var link = origins.link(instance);
        if (link == null) return false;
        for (var given : link.externs()) if (given == extern) return true;
        return false;
    }

    /// @return the object's place in the order
    private int write(@Nullable Object object) throws IOException {
        var known = written.get(object);
        if (known != null) return known;
        var place = exported.get(object);
        if (place != null) export(place);
        else
            switch (object) {
                case Module module -> module(module);
                case HostFunction function -> function(function);
                case HostGlobal global -> global(global);
                case Memory memory -> memory(memory);
                case Instance instance -> instance(instance);
                case null, default -> throw cannot();
            }
        int number = written.size();
        written.put(object, number);
        return number;
    }

    private static UnsupportedOperationException cannot() {
        return new UnsupportedOperationException("it has WebAssembly that cannot be made again");
    }

    private static <T> T known(@Nullable T origin) {
        if (origin == null) throw cannot();
        return origin;
    }

    private void export(Place place) throws IOException {
        int instance = write(place.instance());
        out.writeByte(EXPORT);
        out.writeInt(instance);
        out.writeInt(place.index());
    }

    private void module(Module module) throws IOException {
        var binary = known(origins.binary(module));
        out.writeByte(MODULE);
        out.writeInt(binary.length);
        out.write(binary);
    }

    private void function(HostFunction function) throws IOException {
        var imported = known(origins.imported(function));
        out.writeByte(IMPORT);
        out.writeUTF(Letters.of(imported.type()));
        out.writeInt(imported.number());
        out.writeInt(imported.slots());
    }

    private void global(HostGlobal global) throws IOException {
        var value = global.get();
        int function = value instanceof podium.engine.Function ? write(value) : -1;
        long bits =
                switch (value) {
                    case Integer i -> i;
                    case Long l -> l;
                    case Float f -> Float.floatToRawIntBits(f);
                    case Double d -> Double.doubleToRawLongBits(d);
                    case Slots.Foreign foreign -> foreign.number();
                    case podium.engine.Function _ -> function;
                    case null -> -1;
                    default -> throw cannot();
                };
        out.writeByte(GLOBAL);
        out.writeByte(Letters.of(global.type().value()));
        out.writeBoolean(global.type().mutable());
        out.writeBoolean(value != null);
        out.writeLong(bits);
    }

    private void memory(Memory memory) throws IOException {
        var room = known(origins.room(memory));
        out.writeByte(MEMORY);
        out.writeInt(memory.pages());
        out.writeInt(memory.type().maximum());
        out.writeBoolean(memory.type().shared());
        window(room);
    }

    private void window(Windows.Room room) throws IOException {
        out.writeInt(room.address);
        out.writeInt(room.bytes());
        out.writeInt(room.changes);
    }

    private void instance(Instance instance) throws IOException {
        var link = known(origins.link(instance));
        var externs = new int[link.externs().length];
        for (int i = 0; i < externs.length; i++) externs[i] = write(link.externs()[i]);
        int module = write(link.module());
        var state = withoutContent(instance.freeze());
        out.writeByte(INSTANCE);
        out.writeInt(module);
        for (int extern : externs) out.writeInt(extern);
        out.writeInt(link.memories().size());
        for (var memory : link.memories()) window(known(origins.room(memory)));
        state.writeTo(out);
    }

    private static Snapshot withoutContent(Snapshot snapshot) {
        return new Snapshot(
                snapshot.sha256(),
                snapshot.memories().stream()
                        .map(image -> new MemoryImage(image.pages(), new int[0], new byte[0]))
                        .toList(),
                snapshot.globals(),
                snapshot.tables(),
                snapshot.droppedData(),
                snapshot.droppedElements());
    }
}
