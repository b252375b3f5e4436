package podium.engine.jvm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
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
import podium.engine.jvm.emit.Positions;
import podium.engine.jvm.emit.SpecialisingCompiler;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.runtime.Internals;
import podium.engine.jvm.runtime.LinearMemory;
import podium.engine.jvm.runtime.ModuleCode;
import podium.engine.jvm.wasm.MalformedModule;
import podium.engine.jvm.wasm.ModuleParser;
import podium.engine.jvm.wasm.ModuleValidator;
import podium.engine.jvm.wasm.WasmModule;

/// The engine that compiles WebAssembly to JVM bytecode.
@Component
public final class JvmEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(JvmEngine.class);
    private static final Set<Feature> FEATURES = Set.copyOf(EnumSet.allOf(Feature.class));

    /// Functions that tell positions.
    static final IntPredicate ALL = _ -> true;

    /// Of the code kept from run to run.
    private static final long MAX_KEPT = 256L << 20;

    /// Smaller modules are compiled before a file would be found.
    private static final int MIN_KEPT = 32 << 10;

    private final int methodSize;
    private final Manner manner;
    private final @Nullable CodeCache cache;
    private final Executor background;

    /// What specialises interpreters.
    private final Background specialising = new Background(1);

    /// Modules of this size are worth keeping.
    private final int leastKept;

    /// Whose classes are being compiled in the background, to be kept.
    private final Set<LazyCode> unfinished = ConcurrentHashMap.newKeySet();

    /// As a service: what it compiles it keeps in the bundle's own folder, anew after each update.
    @Activate
    public JvmEngine(BundleContext context) {
        this(
                ModuleCompiler.Options.METHOD_SIZE,
                CodeCache.of(context, MAX_KEPT),
                MIN_KEPT,
                new Background());
        if (!Internals.EXPORTED)
            LOG.info(
                    "guests run slower than they could: start this JVM with {}", Internals.OPTIONS);
    }

    /// An engine that keeps nothing.
    public JvmEngine() {
        this(ModuleCompiler.Options.METHOD_SIZE);
    }

    /// An engine that keeps nothing.
    ///
    /// @param methodSize greatest size of a Java method, in bytes as estimated
    public JvmEngine(int methodSize) {
        this(methodSize, Manner.DEEP);
    }

    /// @param manner of dividing functions that do not fit into a method, to begin with
    JvmEngine(int methodSize, Manner manner) {
        this(methodSize, manner, null, 0, new Background());
    }

    /// @param background what compiles that nobody waits for
    JvmEngine(int methodSize, @Nullable CodeCache cache, int leastKept, Executor background) {
        this(methodSize, Manner.DEEP, cache, leastKept, background);
    }

    private JvmEngine(
            int methodSize,
            Manner manner,
            @Nullable CodeCache cache,
            int leastKept,
            Executor background) {
        this.methodSize = methodSize;
        this.manner = manner;
        this.cache = cache;
        this.leastKept = leastKept;
        this.background = background;
    }

    /// What is compiled so far is kept. Modules that are loaded work on; what they have not called
    /// is compiled only when they do.
    @Deactivate
    void stop() {
        if (background instanceof Background threads) threads.close();
        specialising.close();
        for (var code : unfinished) code.leaveOff();
        unfinished.clear();
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
        return load(source, false);
    }

    @Override
    public Module loadMetered(ModuleSource source) throws ModuleException {
        return load(source, true);
    }

    private Module load(ModuleSource source, boolean metered) throws ModuleException {
        try {
            var prepared = metered ? null : prepared(source);
            return prepared != null ? prepared : compile(source, metered);
        } catch (MalformedModule e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), e.offset());
        } catch (TooComplex e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), -1);
        } catch (OutOfMemoryError e) {
            throw new ModuleException(
                    source.name() + ": compiling it takes more memory than Java has", -1);
        } catch (IOException e) {
            throw new ModuleException(source.name() + " cannot be read: " + e.getMessage(), -1);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{}: internal error of the engine", source.name(), e);
            throw new ModuleException(source.name() + ": internal error of the engine: " + e, -1);
        }
    }

    private Module compile(ModuleSource source, boolean metered) throws IOException {
        var bytes = source.bytes();
        if (cache == null || bytes.length < leastKept)
            return lazy(source, bytes, metered, null, null);
        var kept = cache.get(source.sha256(), metered);
        if (kept != null && kept.isComplete()) return module(source, kept, metered);
        return lazy(source, bytes, metered, kept, cache);
    }

    /// A module that is compiled while it runs.
    ///
    /// @param begun what was compiled of it another time, or null
    private JvmModule lazy(
            ModuleSource source,
            byte[] bytes,
            boolean metered,
            @Nullable PreparedCode begun,
            @Nullable CodeCache cache)
            throws IOException {
        var module = ModuleParser.parse(bytes);
        ModuleCompiler compiler;
        Map<String, byte[]> known;
        if (begun == null) {
            compiler = validated(module, null, null, metered, ALL);
            known = compiler.others(true);
        } else {
            compiler = compiler(module, null, null, metered, ALL);
            compiler.resume(begun.progress());
            known = begun.classes();
        }
        var keeper =
                cache == null ? null : new ModuleKeeper(source, module, compiler, metered, cache);
        var code = new LazyCode(source.name(), compiler, known, keeper);
        if (keeper != null) unfinished.add(code);
        code.compileAll(background);
        background.execute(() -> unfinished.remove(code));
        var layout = compiler.layout();
        return module(
                source,
                layout,
                new CodeLoader(code),
                metered,
                () -> new SpecialisingCompiler(layout, null, methodSize, ALL),
                module::bodyStart);
    }

    private JvmModule module(ModuleSource source, PreparedCode code, boolean metered) {
        var module = ModuleParser.parse(code.skeleton());
        var interpreters = code.interpreters();
        return module(
                source,
                new Layout(module, null),
                new CodeLoader(code.classes()),
                metered,
                () -> InterpreterData.read(interpreters).compiler(module, methodSize),
                function -> InterpreterData.read(interpreters).starts().getOrDefault(function, -1));
    }

    /// @throws MalformedModule it is not valid
    private ModuleCompiler validated(
            WasmModule module,
            @Nullable Profile profile,
            @Nullable Instrumentation instrumentation,
            boolean metered,
            IntPredicate positions) {
        var declared = ModuleValidator.validate(module);
        var compiler = compiler(module, profile, instrumentation, metered, positions);
        compiler.validate(declared);
        return compiler;
    }

    /// @param module one that is valid, but perhaps for its bodies
    private ModuleCompiler compiler(
            WasmModule module,
            @Nullable Profile profile,
            @Nullable Instrumentation instrumentation,
            boolean metered,
            IntPredicate positions) {
        var options =
                new ModuleCompiler.Options(
                        methodSize, manner, profile, instrumentation, metered, positions);
        return new ModuleCompiler(module, new Layout(module, profile), options);
    }

    /// @param compilers makes what compiles specialised code
    /// @param starts where in the binary the bodies of interpreters begin, or -1
    private JvmModule module(
            ModuleSource source,
            Layout layout,
            CodeLoader loader,
            boolean metered,
            Supplier<SpecialisingCompiler> compilers,
            IntUnaryOperator starts) {
        var module = layout.module();
        Specialising maker = null;
        if (!metered && module.enterFunction() >= 0)
            maker = new Specialising(source.name(), compilers, loader, specialising);
        var code = new ModuleCode(module, layout, loader, maker, starts);
        return new JvmModule(source.name(), source.sha256(), code, metered);
    }

    /// The module out of what was compiled ahead, or null if there is nothing that fits. Its binary
    /// is not looked at.
    private @Nullable JvmModule prepared(ModuleSource source) {
        try (var stream = source.prepared(name())) {
            if (stream == null) return null;
            var code =
                    PreparedCode.readFrom(
                            new BufferedInputStream(stream, 1 << 16), source.sha256());
            if (code != null) return module(source, code, false);
            LOG.info("{}: the prepared code is of another version", source.name());
        } catch (IOException | MalformedModule e) {
            LOG.warn("{}: the prepared code is unusable: {}", source.name(), e.getMessage());
        }
        return null;
    }

    // ---- ahead of time

    /// Compiles a module to the form [ModuleSource#prepared(String)] gives back. Its stack traces
    /// tell positions only in functions of which the module says lines: they take room.
    ///
    /// @param profile of a training run of the same module, or null
    /// @throws ModuleException the module is not valid
    public void prepare(ModuleSource source, @Nullable Profile profile, OutputStream out)
            throws ModuleException, IOException {
        try {
            var module = ModuleParser.parse(source.bytes());
            var code = prepare(module, profile, false, Positions.ofThoseWithLines(module));
            code.writeTo(out, source.sha256());
        } catch (MalformedModule e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), e.offset());
        } catch (TooComplex e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), -1);
        }
    }

    PreparedCode prepare(
            WasmModule module, @Nullable Profile profile, boolean metered, IntPredicate positions) {
        var compiler = validated(module, profile, null, metered, positions);
        return PreparedCode.of(module, compiler.layout(), profile, positions, compiler.compile());
    }

    /// Loads a module so that its instances count what they execute.
    TrainingModule loadForTraining(ModuleSource source) throws ModuleException, IOException {
        try {
            var module = ModuleParser.parse(source.bytes());
            var instrumentation = new Instrumentation();
            var compiler = validated(module, null, instrumentation, false, ALL);
            var loader = new CodeLoader(compiler.compile());
            // what is specialised would not be counted
            var code = new ModuleCode(module, compiler.layout(), loader, null, module::bodyStart);
            var loaded = new JvmModule(source.name(), source.sha256(), code, false);
            return new TrainingModule(loaded, instrumentation);
        } catch (MalformedModule e) {
            throw new ModuleException(source.name() + ": " + e.getMessage(), e.offset());
        }
    }
}
