package podium.engine.jvm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.engine.Engine;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.jvm.emit.Instrumentation;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.emit.ModuleCompiler;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.runtime.LinearMemory;
import podium.engine.jvm.runtime.ModuleCode;
import podium.engine.jvm.wasm.MalformedModule;
import podium.engine.jvm.wasm.ModuleParser;
import podium.engine.jvm.wasm.ModuleValidator;
import podium.engine.jvm.wasm.Skeleton;
import podium.engine.jvm.wasm.WasmModule;

/// The engine that compiles WebAssembly to JVM bytecode.
@Component
public final class JvmEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(JvmEngine.class);
    private static final Set<Feature> FEATURES = Set.copyOf(EnumSet.allOf(Feature.class));

    private final int methodSize;

    @Activate
    public JvmEngine() {
        this(ModuleCompiler.Options.METHOD_SIZE);
    }

    /// @param methodSize greatest size of a Java method, in bytes as estimated
    JvmEngine(int methodSize) {
        this.methodSize = methodSize;
    }

    @Override
    public String name() {
        return "jvm";
    }

    @Override
    public Set<Feature> features() {
        return FEATURES;
    }

    @Override
    public Memory newMemory(MemoryType type) {
        return new LinearMemory(type);
    }

    @Override
    public Module load(ModuleSource source) throws ModuleException {
        try {
            return loadUnchecked(source);
        } catch (MalformedModule e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), e.offset());
        } catch (TooComplex e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), -1);
        } catch (OutOfMemoryError e) {
            throw new ModuleException(
                    source.name() + ": compiling it takes more memory than Java has", -1);
        } catch (IOException e) {
            throw new ModuleException(source.name() + " cannot be read: " + e.getMessage(), -1);
        }
    }

    private Module loadUnchecked(ModuleSource source) throws IOException {
        var prepared = prepared(source);
        if (prepared != null) return prepared;
        var module = ModuleParser.parse(source.bytes());
        return module(source, module, compiler(module, null, null).compile());
    }

    private ModuleCompiler compiler(
            WasmModule module,
            @Nullable Profile profile,
            @Nullable Instrumentation instrumentation) {
        var declared = ModuleValidator.validate(module);
        var options = new ModuleCompiler.Options(methodSize, profile, instrumentation);
        return new ModuleCompiler(module, new Layout(module, profile), declared, options);
    }

    private static JvmModule module(
            ModuleSource source, WasmModule module, Map<String, byte[]> classes) {
        var code = new ModuleCode(module, new Layout(module, null), new CodeLoader(classes));
        return new JvmModule(source.name(), source.sha256(), code);
    }

    /// The module out of what was compiled ahead, or null if there is nothing that fits. Its binary
    /// is not looked at.
    private @Nullable JvmModule prepared(ModuleSource source) {
        try (var stream = source.prepared(name())) {
            if (stream == null) return null;
            var code =
                    PreparedCode.readFrom(
                            new BufferedInputStream(stream, 1 << 16), source.sha256());
            if (code != null)
                return module(source, ModuleParser.parse(code.skeleton()), code.classes());
            LOG.info("{}: the prepared code is of another version", source.name());
        } catch (IOException | MalformedModule e) {
            LOG.warn("{}: the prepared code is unusable: {}", source.name(), e.getMessage());
        }
        return null;
    }

    // ---- ahead of time

    /// Compiles a module to the form [ModuleSource#prepared(String)] gives back.
    ///
    /// @param profile of a training run of the same module, or null
    /// @throws ModuleException the module is not valid
    public void prepare(ModuleSource source, @Nullable Profile profile, OutputStream out)
            throws ModuleException, IOException {
        try {
            var module = ModuleParser.parse(source.bytes());
            var compiler = compiler(module, profile, null);
            new PreparedCode(Skeleton.of(module), compiler.compile()).writeTo(out, source.sha256());
        } catch (MalformedModule e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), e.offset());
        } catch (TooComplex e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), -1);
        }
    }

    /// Loads a module so that its instances count what they execute.
    TrainingModule loadForTraining(ModuleSource source) throws ModuleException, IOException {
        try {
            var module = ModuleParser.parse(source.bytes());
            var instrumentation = new Instrumentation();
            var compiler = compiler(module, null, instrumentation);
            var loaded = module(source, module, compiler.compile());
            return new TrainingModule(loaded, instrumentation);
        } catch (MalformedModule e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), e.offset());
        }
    }
}
