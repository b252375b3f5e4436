package podium.engine.jvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.engine.Fuel;
import podium.engine.Function;
import podium.engine.Global;
import podium.engine.GuestFunction;
import podium.engine.HostFunction;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.LinkException;
import podium.engine.Memory;
import podium.engine.MemoryImage;
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;
import podium.engine.Snapshot;
import podium.engine.Table;
import podium.engine.TableType;
import podium.engine.Tag;
import podium.engine.TagType;
import podium.engine.Trap;
import podium.engine.V128;
import podium.engine.jvm.runtime.Budget;
import podium.engine.jvm.runtime.Bulk;
import podium.engine.jvm.runtime.GuestState;
import podium.engine.jvm.runtime.InstanceFunction;
import podium.engine.jvm.runtime.InstanceTable;
import podium.engine.jvm.runtime.InstanceTag;
import podium.engine.jvm.runtime.InterpreterFunctions;
import podium.engine.jvm.runtime.LinearMemory;
import podium.engine.jvm.runtime.MemoryUser;
import podium.engine.jvm.runtime.MemoryView;
import podium.engine.jvm.runtime.Stop;
import podium.engine.jvm.runtime.Tables;
import podium.engine.jvm.wasm.ConstantExpression;
import podium.engine.jvm.wasm.Types;
import podium.engine.jvm.wasm.WasmModule;

/// Makes one instance (core specification, section 4.5.4).
final class Instantiator {

    private final JvmModule module;
    private final WasmModule wasm;
    private final List<ImportType> wanted;
    private final Imports imports;
    private final GuestState state;
    private final LinearMemory[] memories;
    private final BitSet own = new BitSet();
    private final Budget pages;
    private final Budget elements;

    Instantiator(
            JvmModule module, List<ImportType> wanted, Imports imports, @Nullable Object context) {
        this.module = module;
        this.wasm = module.code().module();
        this.wanted = wanted;
        this.imports = imports;
        state = module.code().newState();
        state.code = module.code();
        state.context = context;
        state.counters = module.counters();
        state.tank = fuel();
        state.stackLimit = Math.max(0, imports.stackLimit());
        memories = new LinearMemory[wasm.memories.size()];
        pages = new Budget(imports.memoryLimit());
        elements = new Budget(imports.tableLimit());
    }

    /// Makes one whose start function is still to run.
    JvmInstance instantiate() throws LinkException {
        bindImports();
        boolean done = false;
        try {
            makeMemories();
            globals();
            tables();
            segments();
            state.giveBack();
            done = true;
            return new JvmInstance(module, state, own, wasm.start);
        } finally {
            if (!done) release();
        }
    }

    JvmInstance thaw(Snapshot snapshot) throws LinkException {
        if (!snapshot.sha256().equals(module.sha256()))
            throw new LinkException(
                    module.name() + ": the snapshot is of module " + snapshot.sha256(), List.of());
        bindImports();
        boolean done = false;
        try {
            makeMemories();
            restore(snapshot);
            done = true;
            return new JvmInstance(module, state, own, JvmInstance.STARTED);
        } catch (IllegalArgumentException e) {
            throw new LinkException(
                    module.name() + ": the snapshot does not fit: " + e.getMessage(), List.of());
        } finally {
            if (!done) release();
        }
    }

    private @Nullable Fuel fuel() {
        var fuel = imports.fuel();
        if (fuel != null && !module.metered())
            throw new IllegalArgumentException(module.name() + " was not loaded to count fuel");
        return fuel;
    }

    private void release() {
        for (int i = 0; i < memories.length; i++) {
            if (memories[i] == null) continue;
            memories[i].detach(user(i));
            if (own.get(i)) memories[i].close();
        }
    }

    // ---- imports

    private void bindImports() throws LinkException {
        state.imports = new MethodHandle[wasm.importedFunctions];
        state.tables = new InstanceTable[wasm.tables.size()];
        state.tags = new Tag[wasm.tags.size()];
        state.importedGlobals = new Global[wasm.importedGlobals];
        state.droppedData = new boolean[wasm.data.size()];
        state.droppedElements = new boolean[wasm.elements.size()];
        var functions = new Function[wasm.importedFunctions];
        var problems = new ArrayList<String>();
        var missing = new ArrayList<ImportType>();
        for (int i = 0; i < wanted.size(); i++) {
            var want = wanted.get(i);
            var own = own(wasm.imports.get(i));
            var given = own != null ? own : imports.resolve(want);
            var problem = bind(wasm.imports.get(i), want, given, functions);
            if (problem == null) continue;
            problems.add(want + " " + problem);
            missing.add(want);
        }
        if (!missing.isEmpty())
            throw new LinkException(
                    module.name()
                            + ": "
                            + problems.stream().limit(20).collect(Collectors.joining(", ")),
                    missing);
        state.setFunctions(functions, wasm.functions.size());
        for (int i = wasm.importedTags; i < wasm.tags.size(); i++)
            state.tags[i] = new InstanceTag(new TagType(Types.functionType(wasm.tagSignature(i))));
        makeTables();
    }

    private void makeTables() {
        for (int i = wasm.importedTables; i < wasm.tables.size(); i++) {
            var type = wasm.tables.get(i);
            requireElements(type.minimum(), "needs a table");
            boolean first = i == 0 && wasm.importedTables == 0;
            state.tables[i] = new InstanceTable(type, state, first, elements);
        }
    }

    private void requireElements(long count, String what) {
        if (elements.take(count)) return;
        throw new OutOfMemoryException(
                module.name()
                        + ": "
                        + what
                        + " of "
                        + count
                        + " elements where "
                        + imports.tableLimit()
                        + " are allowed"
                        + (wasm.tables.size() > 1 ? " together" : ""));
    }

    /// What the engine itself provides, or null.
    private @Nullable Extern own(WasmModule.Import wanted) {
        var function = wasm.interpreterFunction(wanted);
        return function == null ? null : InterpreterFunctions.of(function, state);
    }

    /// @return what is wrong, or null
    private @Nullable String bind(
            WasmModule.Import wanted,
            ImportType type,
            @Nullable Extern given,
            Function[] functions) {
        return switch (given) {
            case null -> wanted.kind() == WasmModule.MEMORY ? null : "is not provided";
            case Function function when wanted.kind() == WasmModule.FUNCTION -> {
                if (!function.type().equals(type.type()))
                    yield "has type " + function.type() + ", not " + type.type();
                functions[wanted.index()] = function;
                state.imports[wanted.index()] = handle(function);
                yield null;
            }
            case LinearMemory m when wanted.kind() == WasmModule.MEMORY -> {
                var want = (MemoryType) type.type();
                if (m.type().shared() != want.shared()
                        || m.pages() < want.minimum()
                        || m.type().maximum() > want.maximum())
                    yield "is a memory of incompatible limits: " + m.type() + ", not " + want;
                memories[wanted.index()] = m;
                yield null;
            }
            case InstanceTable table when wanted.kind() == WasmModule.TABLE -> {
                var want = (TableType) type.type();
                if (table.type().element() != want.element()
                        || table.size() < want.minimum()
                        || want.maximum() >= 0
                                && (table.type().maximum() < 0
                                        || table.type().maximum() > want.maximum()))
                    yield "is a table of incompatible type: " + table.type() + ", not " + want;
                state.tables[wanted.index()] = table;
                yield null;
            }
            case Global global when wanted.kind() == WasmModule.GLOBAL -> {
                if (!global.type().equals(type.type()))
                    yield "is a global of type " + global.type() + ", not " + type.type();
                state.importedGlobals[wanted.index()] = global;
                yield null;
            }
            case Tag tag when wanted.kind() == WasmModule.TAG -> {
                if (!tag.type().equals(type.type()))
                    yield "is a tag of type " + tag.type() + ", not " + type.type();
                state.tags[wanted.index()] = tag;
                yield null;
            }
            case Memory _, Table _ -> "is not of this engine, or of another kind";
            default -> "is of another kind";
        };
    }

    private static MethodHandle handle(Function function) {
        return switch (function) {
            case HostFunction host -> host.handle();
            case InstanceFunction linked ->
                    MethodHandles.dropArguments(linked.link(), 0, Object.class);
            case GuestFunction other ->
                    MethodHandles.dropArguments(other.handle(), 0, Object.class);
        };
    }

    // ---- state

    private void makeMemories() {
        state.memories = memories;
        state.views = new MemoryView[memories.length];
        for (int i = 0; i < memories.length; i++) {
            if (i > 0) state.views[i] = new MemoryView();
            if (memories[i] == null) {
                memories[i] = given(wasm.memories.get(i));
            }
            if (memories[i] == null) {
                memories[i] = new LinearMemory(limited(wasm.memories.get(i)), pages);
                own.set(i);
            }
            memories[i].attach(user(i));
        }
    }

    /// Whoever checks against a memory's size.
    private MemoryUser user(int memory) {
        return memory == 0 ? state : state.views[memory];
    }

    /// The host's memory for one that the module declares, or null.
    private @Nullable LinearMemory given(MemoryType declared) {
        var memory = imports.memory(declared);
        if (memory == null) return null;
        if (memory instanceof LinearMemory own
                && own.pages() == declared.minimum()
                && own.type().maximum() <= declared.maximum()
                && own.type().shared() == declared.shared()) return own;
        throw new IllegalArgumentException(
                "a memory of " + memory.type() + " for one of " + declared);
    }

    /// What the module declares, within what the host allows.
    private MemoryType limited(MemoryType declared) {
        int limit = imports.memoryLimit();
        if (!pages.take(declared.minimum()))
            throw new OutOfMemoryException(
                    module.name()
                            + ": needs a memory of "
                            + declared.minimum()
                            + " pages where "
                            + limit
                            + " are allowed"
                            + (memories.length > 1 ? " together" : ""));
        return new MemoryType(
                declared.minimum(), Math.min(declared.maximum(), limit), declared.shared());
    }

    private void globals() {
        for (int i = 0; i < wasm.globals.size(); i++) {
            var global = wasm.globals.get(i);
            if (i < wasm.importedGlobals) {
                if (!global.mutable()) copy(i, state.importedGlobals[i].get());
            } else {
                initialise(i, global.type(), Objects.requireNonNull(global.init()));
            }
        }
    }

    private void initialise(int global, char type, ConstantExpression value) {
        if (Types.isReference(type)) {
            state.setGlobalReference(global, state.constantReference(value));
            return;
        }
        state.setGlobalBits(global, state.constantBits(value));
        if (type == 'W') state.setGlobalHighBits(global, state.constantHighBits(value));
    }

    /// Fills the tables that have an initial value.
    private void tables() {
        for (int i = 0; i < wasm.tableInits.size(); i++) {
            var init = wasm.tableInits.get(i);
            if (init != null)
                state.tables[wasm.importedTables + i].fill(state.constantReference(init));
        }
    }

    private void copy(int global, @Nullable Object value) {
        switch (value) {
            case Integer i when wasm.globals.get(global).type() == 'I' ->
                    state.setGlobalBits(global, i);
            case Long l when wasm.globals.get(global).type() == 'J' ->
                    state.setGlobalBits(global, l);
            case Float f when wasm.globals.get(global).type() == 'F' ->
                    state.setGlobalBits(global, Float.floatToRawIntBits(f));
            case Double d when wasm.globals.get(global).type() == 'D' ->
                    state.setGlobalBits(global, Double.doubleToRawLongBits(d));
            case V128 v when wasm.globals.get(global).type() == 'W' -> {
                state.setGlobalBits(global, v.low());
                state.setGlobalHighBits(global, v.high());
            }
            case null, default -> state.setGlobalReference(global, value);
        }
    }

    private void segments() {
        try {
            for (int i = 0; i < wasm.elements.size(); i++) {
                var segment = wasm.elements.get(i);
                if (segment.offset() != null) {
                    int offset = (int) state.constantBits(segment.offset());
                    Tables.init(state, offset, 0, segment.elements().size(), i, segment.table());
                }
                if (segment.mode() != 1) Tables.drop(state, i);
            }
            for (int i = 0; i < wasm.data.size(); i++) {
                var segment = wasm.data.get(i);
                if (segment.offset() == null) continue;
                int offset = (int) state.constantBits(segment.offset());
                Bulk.init(state, offset, 0, segment.length(), i, segment.memory());
                Bulk.drop(state, i);
            }
        } catch (Stop e) {
            throw new Trap(e.kind(), List.of(), null);
        }
    }

    private void restoreReference(int global, long function) {
        state.checkReferable(function);
        if (function >= 0) state.setGlobalReference(global, state.function((int) function));
    }

    private void restore(Snapshot snapshot) {
        if (snapshot.globals().length != JvmInstance.frozenGlobals(wasm)
                || snapshot.memories().size() != memories.length
                || snapshot.tables().size() != wasm.tables.size() - wasm.importedTables
                || snapshot.droppedData().length != wasm.data.size()
                || snapshot.droppedElements().length != wasm.elements.size())
            throw new IllegalArgumentException("its parts are not the module's");
        restoreGlobals(snapshot.globals());
        for (int i = 0; i < wasm.importedGlobals; i++)
            if (!wasm.globals.get(i).mutable()) copy(i, state.importedGlobals[i].get());
        for (int i = wasm.importedTables; i < wasm.tables.size(); i++) {
            var frozen = snapshot.tables().get(i - wasm.importedTables);
            int more = frozen.length - state.tables[i].size();
            if (more > 0) requireElements(more, "the snapshot has a table");
            state.tables[i].thaw(frozen);
        }
        System.arraycopy(snapshot.droppedData(), 0, state.droppedData, 0, state.droppedData.length);
        System.arraycopy(
                snapshot.droppedElements(),
                0,
                state.droppedElements,
                0,
                state.droppedElements.length);
        for (int i = 0; i < memories.length; i++) restore(i, snapshot.memories().get(i));
    }

    private void restore(int memory, MemoryImage image) {
        int more = image.pages() - memories[memory].pages();
        if (own.get(memory) && more > 0 && !pages.take(more))
            throw new OutOfMemoryException(
                    module.name()
                            + ": the snapshot has a memory of "
                            + image.pages()
                            + " pages where "
                            + imports.memoryLimit()
                            + " are allowed");
        memories[memory].load(image);
    }

    private void restoreGlobals(long[] frozen) {
        int next = 0;
        for (int i = wasm.importedGlobals; i < wasm.globals.size(); i++) {
            char type = wasm.globals.get(i).type();
            if (Types.isReference(type)) restoreReference(i, frozen[next++]);
            else state.setGlobalBits(i, frozen[next++]);
            if (type == 'W') state.setGlobalHighBits(i, frozen[next++]);
        }
    }
}
