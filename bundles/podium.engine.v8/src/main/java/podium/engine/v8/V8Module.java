package podium.engine.v8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import podium.engine.ExportType;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.InterpreterFunction;
import podium.engine.LinkException;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.Snapshot;
import podium.engine.Trap.SourceLine;
import podium.engine.debug.SourceLines;
import podium.engine.v8.wasm.Rewriter;
import podium.engine.v8.wasm.WasmModule;

/// A module: what V8 gets of it is made when it is first wanted, in one form to be instantiated and
/// one for each snapshot.
final class V8Module implements Module {

    private final V8Engine engine;
    private final String name;
    private final String sha256;
    private final WasmModule wasm;
    private final List<ImportType> allImports = new ArrayList<>();
    private final List<ImportType> imports = new ArrayList<>();
    private final List<ExportType> exports = new ArrayList<>();
    private final Map<String, WasmModule.Export> exportsByName = new HashMap<>();

    private @Nullable Code live;

    /// By identity, in effect: snapshots are compared by their arrays.
    private final Map<Snapshot, Code> thawed = new WeakHashMap<>();

    V8Module(V8Engine engine, String name, String sha256, WasmModule wasm) {
        this.engine = engine;
        this.name = name;
        this.sha256 = sha256;
        this.wasm = wasm;
        for (var i : wasm.imports) {
            var type = wasm.type(i.kind(), i.index());
            allImports.add(new ImportType(i.module(), i.name(), type));
            if (InterpreterFunction.of(i.module(), i.name(), type) == null)
                imports.add(allImports.getLast());
        }
        for (var e : wasm.exports) {
            exports.add(new ExportType(e.name(), wasm.type(e.kind(), e.index())));
            exportsByName.put(e.name(), e);
        }
    }

    /// The memory's type, imported or its own; null when it has none.
    @Nullable MemoryType memoryType() {
        return wasm.memories.isEmpty() ? null : wasm.memories.getFirst();
    }

    boolean hasOwnMemory() {
        return wasm.hasOwnMemory();
    }

    WasmModule wasm() {
        return wasm;
    }

    WasmModule.@Nullable Export export(String name) {
        return exportsByName.get(name);
    }

    String functionName(int function) {
        // Those behind the module's own are the engine's.
        return function < wasm.functions.size()
                ? wasm.functionName(function)
                : "func[" + function + "]";
    }

    /// See [Rewriter#original(WasmModule, int, int)].
    int original(int function, int position) {
        return Rewriter.original(wasm, function, position);
    }

    /// The lines of the source that instructions were made of, or null for each.
    List<@Nullable SourceLine> lines(int[] offsets) {
        return SourceLines.find(
                section -> {
                    var content = wasm.customSection(section);
                    return content == null ? null : ByteBuffer.wrap(content);
                },
                wasm.codeStart(),
                offsets);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    /// All there are in the binary, those included that the engine provides.
    List<ImportType> allImports() {
        return allImports;
    }

    @Override
    public List<ImportType> imports() {
        return List.copyOf(imports);
    }

    @Override
    public List<ExportType> exports() {
        return List.copyOf(exports);
    }

    @Override
    public byte @Nullable [] customSection(String name) {
        var content = wasm.customSection(name);
        return content == null ? null : content.clone();
    }

    /// Makes what is wanted at the first instance.
    ///
    /// @throws IllegalArgumentException V8 does not take it
    void compile() {
        live();
    }

    private synchronized Code live() {
        if (live == null) live = engine.compile(Rewriter.live(wasm));
        return live;
    }

    /// @throws IllegalArgumentException the snapshot does not fit
    private synchronized Code thawed(Snapshot snapshot) {
        var known = thawed.get(snapshot);
        if (known != null) return known;
        var made = engine.compile(Rewriter.thawed(wasm, snapshot));
        thawed.put(snapshot, made);
        return made;
    }

    @Override
    public V8Instance link(Imports imports, @Nullable Object context) throws LinkException {
        return new Linking(this, imports).instantiate(engine, live(), context);
    }

    @Override
    public V8Instance thaw(Snapshot snapshot, Imports imports, @Nullable Object context)
            throws LinkException {
        if (!snapshot.sha256().equals(sha256))
            throw new LinkException(
                    name + ": the snapshot is of module " + snapshot.sha256(), List.of());
        try {
            var code = thawed(snapshot);
            return new Linking(this, imports).thaw(engine, code, snapshot, context);
        } catch (IllegalArgumentException e) {
            throw new LinkException(
                    name + ": the snapshot does not fit: " + e.getMessage(), List.of());
        }
    }
}
