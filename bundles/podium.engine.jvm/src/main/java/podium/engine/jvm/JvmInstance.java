package podium.engine.jvm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
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
import podium.engine.jvm.runtime.Control;
import podium.engine.jvm.runtime.GuestState;
import podium.engine.jvm.runtime.InstanceFunction;
import podium.engine.jvm.runtime.InstanceGlobal;
import podium.engine.jvm.wasm.Types;
import podium.engine.jvm.wasm.WasmModule;

/// An instance.
final class JvmInstance implements Instance {

    private final JvmModule module;
    private final GuestState state;
    private final BitSet ownMemories;
    private final Map<String, Extern> exports = new HashMap<>();
    private boolean closed;

    /// In the place of a start function that there is none, or that it has run.
    static final int STARTED = -1;

    private int start;

    /// @param ownMemories the indices of those that are closed with the instance
    /// @param start the function to run first, or [#STARTED]
    JvmInstance(JvmModule module, GuestState state, BitSet ownMemories, int start) {
        this.module = module;
        this.state = state;
        this.ownMemories = ownMemories;
        this.start = start;
    }

    @Override
    public Module module() {
        return module;
    }

    /// Every function a module starts with can be referred to, see `Layout`.
    @Override
    public void start() {
        if (start == STARTED) return;
        var function = (GuestFunction) state.function(start);
        start = STARTED;
        function.call();
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
            case WasmModule.MEMORY -> state.memories[index];
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
        return state.memories.length == 0 ? null : state.memories[0];
    }

    @Override
    public @Nullable GuestFunction functionAt(int index) {
        if (state.tables.length == 0)
            throw new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, java.util.List.of(), null);
        return (GuestFunction) state.tables[0].get(index);
    }

    @Override
    public void interrupt() {
        state.interrupt(Control.INTERRUPT);
    }

    @Override
    public void setDeadline(@Nullable Duration time) {
        state.setDeadline(time);
    }

    @Override
    public Snapshot freeze() {
        if (start != STARTED) throw new IllegalStateException("its start function is still to run");
        var wasm = module.code().module();
        var memories = new ArrayList<MemoryImage>();
        for (var memory : state.memories) memories.add(MemoryImage.of(memory.segment()));
        var tables = new ArrayList<int[]>();
        for (int i = wasm.importedTables; i < wasm.tables.size(); i++)
            tables.add(state.tables[i].freeze());
        return new Snapshot(
                module.sha256(),
                memories,
                freezeGlobals(),
                tables,
                state.droppedData.clone(),
                state.droppedElements.clone());
    }

    /// Numbers that a module's own globals take in a snapshot.
    static int frozenGlobals(WasmModule wasm) {
        int count = 0;
        for (int i = wasm.importedGlobals; i < wasm.globals.size(); i++)
            count += wasm.globals.get(i).type() == 'W' ? 2 : 1;
        return count;
    }

    private long[] freezeGlobals() {
        var wasm = module.code().module();
        var frozen = new long[frozenGlobals(wasm)];
        int next = 0;
        for (int i = wasm.importedGlobals; i < wasm.globals.size(); i++) {
            char type = wasm.globals.get(i).type();
            frozen[next++] = Types.isReference(type) ? freezeReference(i) : state.globalBits(i);
            if (type == 'W') frozen[next++] = state.globalHighBits(i);
        }
        return frozen;
    }

    private long freezeReference(int index) {
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
        state.setDeadline(null);
        state.specialisations.close();
        for (int i = 0; i < state.memories.length; i++) {
            state.memories[i].detach(i == 0 ? state : state.views[i]);
            if (ownMemories.get(i)) state.memories[i].close();
        }
    }
}
