package podium.syscall.webassembly;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import podium.engine.HostFunction;
import podium.engine.Instance;
import podium.engine.Memory;
import podium.engine.Module;

/// Where the objects come from that were made here. A successor does not know it: then rooms are
/// freed with their program, which cannot be frozen.
///
/// Thread-safe.
final class Origins {

    /// What an instance was linked of.
    ///
    /// @param externs in the order of the module's imports
    /// @param memories that it declares itself, in order
    record Link(Module module, @Nullable Object[] externs, List<Memory> memories) {}

    private final Map<Memory, Windows.Room> rooms = map();

    /// The memories of instances that made them and export them to nobody: they end together.
    private final Map<Instance, List<Memory>> inner = map();

    private final Map<Module, byte[]> binaries = map();
    private final Map<Instance, Link> links = map();
    private final Map<HostFunction, GuestImport> imports = map();

    private static <K, V> Map<K, V> map() {
        return Collections.synchronizedMap(new WeakHashMap<>());
    }

    void add(Module module, byte[] binary) {
        binaries.put(module, binary);
    }

    void add(Memory memory, Windows.Room room) {
        rooms.put(memory, room);
    }

    HostFunction add(GuestImport imported) {
        var function = imported.function();
        imports.put(function, imported);
        return function;
    }

    void add(Instance instance, Link link, List<Memory> unexported) {
        links.put(instance, link);
        inner.put(instance, unexported);
    }

    byte @Nullable [] binary(Module module) {
        return binaries.get(module);
    }

    Windows.@Nullable Room room(Memory memory) {
        return rooms.get(memory);
    }

    @Nullable Link link(Instance instance) {
        return links.get(instance);
    }

    @Nullable GuestImport imported(HostFunction function) {
        return imports.get(function);
    }

    /// Gives a memory's pages back.
    void free(Memory memory) {
        var room = rooms.remove(memory);
        if (room != null) room.free();
    }

    /// The same for what an instance has to itself.
    void freeInner(Instance instance) {
        var memories = inner.remove(instance);
        if (memories != null) memories.forEach(this::free);
    }
}
