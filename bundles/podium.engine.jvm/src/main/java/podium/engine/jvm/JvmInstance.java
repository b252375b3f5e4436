package podium.engine.jvm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.Memory;
import podium.engine.MemoryImage;
import podium.engine.Module;
import podium.engine.Snapshot;
import podium.engine.Trap;
import podium.engine.jvm.runtime.GuestState;
import podium.engine.jvm.runtime.InstanceFunction;
import podium.engine.jvm.runtime.InstanceGlobal;
import podium.engine.jvm.wasm.Types;
import podium.engine.jvm.wasm.WasmModule;

/// An instance.
final class JvmInstance implements Instance {

    private final JvmModule module;
    private final GuestState state;
    private final boolean ownsMemory;
    private final Map<String, Extern> exports = new HashMap<>();
    private boolean closed;

    JvmInstance(JvmModule module, GuestState state, boolean ownsMemory) {
        this.module = module;
        this.state = state;
        this.ownsMemory = ownsMemory;
    }

    @Override
    public Module module() {
        return module;
    }

    @Override
    public @Nullable GuestFunction function(String name) {
        return export(name) instanceof GuestFunction function ? function : null;
    }

    @Override
    public synchronized @Nullable Extern export(String name) {
        var known = exports.get(name);
        if (known != null) return known;
        for (var e : module.code().module().exports) {
            if (!e.name().equals(name)) continue;
            var made = make(e);
            exports.put(name, made);
            return made;
        }
        return null;
    }

    private Extern make(WasmModule.Export export) {
        int index = export.index();
        return switch (export.kind()) {
            case WasmModule.FUNCTION -> state.function(index);
            case WasmModule.TABLE -> state.tables[index];
            case WasmModule.MEMORY -> state.memory;
            case WasmModule.GLOBAL ->
                    index < state.importedGlobals.length
                            ? state.importedGlobals[index]
                            : new InstanceGlobal(
                                    state,
                                    index,
                                    module.code().module().globals.get(index).globalType());
            default -> state.tags[index];
        };
    }

    @Override
    public @Nullable Memory memory() {
        return state.memory;
    }

    @Override
    public @Nullable GuestFunction functionAt(int index) {
        if (state.tables.length == 0)
            throw new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, java.util.List.of(), null);
        return (GuestFunction) state.tables[0].get(index);
    }

    @Override
    public void interrupt() {
        state.interrupt();
    }

    @Override
    public Snapshot freeze() {
        var wasm = module.code().module();
        var globals = new long[wasm.globals.size() - wasm.importedGlobals];
        for (int i = 0; i < globals.length; i++) globals[i] = freezeGlobal(i);
        var tables = new ArrayList<int[]>();
        for (int i = wasm.importedTables; i < wasm.tables.size(); i++)
            tables.add(state.tables[i].freeze());
        var image =
                state.memory == null
                        ? new MemoryImage(0, new int[0], new byte[0])
                        : MemoryImage.of(state.memory.segment());
        return new Snapshot(
                module.sha256(),
                image,
                globals,
                tables,
                state.droppedData.clone(),
                state.droppedElements.clone());
    }

    private long freezeGlobal(int own) {
        var wasm = module.code().module();
        int index = wasm.importedGlobals + own;
        if (!Types.isReference(wasm.globals.get(index).type())) return state.globalBits(index);
        var reference = state.globalReference(index);
        if (reference == null) return -1;
        if (reference instanceof InstanceFunction function && function.belongsTo(state))
            return function.index();
        throw new UnsupportedOperationException(
                "global " + index + " is not a function of the module");
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        if (state.memory == null) return;
        state.memory.detach(state);
        if (ownsMemory) state.memory.close();
    }
}
