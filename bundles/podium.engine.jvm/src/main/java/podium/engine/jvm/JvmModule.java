package podium.engine.jvm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.ExportType;
import podium.engine.ExternType;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Module;
import podium.engine.OutOfMemoryException;
import podium.engine.Snapshot;
import podium.engine.TagType;
import podium.engine.jvm.runtime.ModuleCode;
import podium.engine.jvm.wasm.Types;
import podium.engine.jvm.wasm.WasmModule;

/// A compiled module.
final class JvmModule implements Module {

    private final String name;
    private final String sha256;
    private final ModuleCode code;
    private final boolean metered;
    private final List<ImportType> imports = new ArrayList<>();

    /// But those that the engine itself provides.
    private final List<ImportType> wanted = new ArrayList<>();

    private final List<ExportType> exports = new ArrayList<>();

    /// For a training run, else null.
    private long @Nullable [] counters;

    JvmModule(String name, String sha256, ModuleCode code, boolean metered) {
        this.name = name;
        this.sha256 = sha256;
        this.code = code;
        this.metered = metered;
        var module = code.module();
        for (var i : module.imports) {
            var type = new ImportType(i.module(), i.name(), type(i.kind(), i.index()));
            imports.add(type);
            if (module.interpreterFunction(i) == null) wanted.add(type);
        }
        for (var e : module.exports)
            exports.add(new ExportType(e.name(), type(e.kind(), e.index())));
    }

    private ExternType type(int kind, int index) {
        var module = code.module();
        return switch (kind) {
            case WasmModule.FUNCTION -> code.functionType(index);
            case WasmModule.TABLE -> module.tables.get(index);
            case WasmModule.MEMORY -> module.memories.get(index);
            case WasmModule.GLOBAL -> module.globals.get(index).globalType();
            default -> new TagType(Types.functionType(module.tagSignature(index)));
        };
    }

    void count(long[] counters) {
        this.counters = counters;
    }

    long @Nullable [] counters() {
        return counters;
    }

    /// Whether instances count fuel.
    boolean metered() {
        return metered;
    }

    ModuleCode code() {
        return code;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public List<ImportType> imports() {
        return List.copyOf(wanted);
    }

    @Override
    public List<ExportType> exports() {
        return List.copyOf(exports);
    }

    @Override
    public byte @Nullable [] customSection(String name) {
        return code.module().customSection(name);
    }

    @Override
    public Instance link(Imports imports, @Nullable Object context) throws LinkException {
        try {
            return new Instantiator(this, this.imports, imports, context).instantiate();
        } catch (OutOfMemoryError e) {
            throw outOfMemory();
        }
    }

    @Override
    public Instance thaw(Snapshot snapshot, Imports imports, @Nullable Object context)
            throws LinkException {
        try {
            return new Instantiator(this, this.imports, imports, context).thaw(snapshot);
        } catch (OutOfMemoryError e) {
            throw outOfMemory();
        }
    }

    private OutOfMemoryException outOfMemory() {
        return new OutOfMemoryException(name + ": an instance takes more memory than Java has");
    }
}
