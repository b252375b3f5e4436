package podium.engine.jvm.emit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Interpreter;
import podium.engine.jvm.ir.IrBuilder;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.Extent;
import podium.engine.jvm.wasm.FunctionValidator;
import podium.engine.jvm.wasm.MalformedModule;
import podium.engine.jvm.wasm.WasmModule;

/// Compiles a module's bodies to Java classes. What takes long is done on all processors.
/// First of all comes [#validate], or [#resume]; after that classes may be compiled in any
/// order, by any threads.
public final class ModuleCompiler {

    private final WasmModule module;
    private final Layout layout;
    private final Options options;
    private CallTargets callTargets = new CallTargets();

    /// The functions of each class.
    private final List<List<Integer>> functions = new ArrayList<>();

    /// Made when the bodies are validated: how functions are called depends on what they call.
    @SuppressWarnings("NullAway.Init")
    private Demands demands;

    /// By number; see [#large()].
    private final Set<Integer> large = new ConcurrentSkipListSet<>();

    /// How to compile.
    ///
    /// @param methodSize greatest size of a method, in bytes as estimated
    /// @param manner of dividing what is larger, to begin with
    /// @param profile of a training run, or null
    /// @param instrumentation to count blocks with, or null
    /// @param metered whether to count fuel
    /// @param positions of which functions stack traces are to tell where in the binary they are
    public record Options(
            int methodSize,
            Manner manner,
            @Nullable Profile profile,
            @Nullable Instrumentation instrumentation,
            boolean metered,
            IntPredicate positions) {

        /// The size with which methods rarely exceed what HotSpot compiles.
        public static final int METHOD_SIZE = 7_800;
    }

    /// @param module without its bodies a valid one
    public ModuleCompiler(WasmModule module, Layout layout, Options options) {
        this.module = module;
        this.layout = layout;
        this.options = options;
        for (int i = 0; i < layout.classes(); i++) functions.add(new ArrayList<>());
        for (int f = module.importedFunctions; f < module.functions.size(); f++)
            functions.get(layout.classOf(f)).add(f);
    }

    public Layout layout() {
        return layout;
    }

    /// Validates all bodies.
    ///
    /// @param declared what `ModuleValidator` returned
    /// @throws MalformedModule a body is invalid
    public void validate(Set<Integer> declared) {
        var tasks = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < functions.size(); i++) {
            int number = i;
            tasks.add(() -> validate(number, declared));
        }
        run(tasks);
        demands = new Demands(layout, callTargets);
    }

    private boolean validate(int number, Set<Integer> declared) {
        var all = Extent.NONE;
        for (int function : functions.get(number))
            all = all.plus(FunctionValidator.validate(module, declared, callTargets, function));
        if (all.large()) large.add(number);
        return true;
    }

    /// What is known by now of the valid module and its compiled classes.
    public byte[] progress() {
        var bytes = new ByteArrayOutputStream();
        try {
            var out = new DataOutputStream(bytes);
            callTargets.writeTo(out);
            demands.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is none in memory
        }
        return bytes.toByteArray();
    }

    /// Goes on where another compiler of the same module left off.
    ///
    /// @param progress its own, once it had compiled the large classes
    /// @throws IOException the data is damaged
    public void resume(byte[] progress) throws IOException {
        var in = new DataInputStream(new ByteArrayInputStream(progress));
        callTargets = CallTargets.readFrom(in);
        demands = new Demands(layout, callTargets);
        demands.readFrom(in);
    }

    // ---- the functions' classes

    /// The names of the classes that hold the functions, by number.
    public List<String> names() {
        var names = new ArrayList<String>();
        for (int i = 0; i < functions.size(); i++) names.add(name(layout.codeClass(i)));
        return names;
    }

    /// The classes so large that Java may refuse them, or that compiling them takes long; nearly
    /// always there are none. None where it goes on, as they were compiled first.
    public Set<Integer> large() {
        return large;
    }

    /// Compiles the class with a number.
    ///
    /// @throws TooComplex a function cannot be brought into Java methods
    /// @throws CancellationException the thread was interrupted
    public byte[] compile(int number) {
        var members = functions.get(number);
        var name = layout.codeClass(number);
        return new CodeClass(module, layout, demands, options, name, members, this::translate)
                .compile();
    }

    private FunctionIr translate(int function) {
        var ir = IrBuilder.build(module, function, callTargets);
        if (options.profile() != null) options.profile().apply(ir);
        // code that counts fuel is not specialised: what is counted would be no more the same
        var interpreter = options.metered() ? null : Interpreter.of(ir);
        if (interpreter != null) interpreter.open();
        return ir;
    }

    /// Compiles several classes.
    ///
    /// @return them in order
    /// @throws TooComplex a function cannot be brought into Java methods
    public List<byte[]> compile(List<Integer> numbers) {
        return run(numbers.stream().<Callable<byte[]>>map(n -> () -> compile(n)).toList());
    }

    /// Compiles all there is.
    ///
    /// @return the classes by name
    /// @throws TooComplex a function cannot be brought into Java methods
    public Map<String, byte[]> compile() {
        var classes = new LinkedHashMap<String, byte[]>();
        var compiled = compile(IntStream.range(0, functions.size()).boxed().toList());
        var names = names();
        for (int i = 0; i < compiled.size(); i++) classes.put(names.get(i), compiled.get(i));
        classes.putAll(others(false));
        return classes;
    }

    // ---- the others

    /// Makes the classes around the functions'.
    ///
    /// @param early whether some functions are still to be compiled, which may need anything; if
    ///     not the State class has only the fields that are used
    /// @return the classes by name
    /// @throws TooComplex there are more functions, types or globals than a class takes
    public Map<String, byte[]> others(boolean early) {
        var tasks = new ArrayList<Callable<Map<ClassDesc, byte[]>>>();
        tasks.add(() -> new DispatchEmitter(layout, demands).emit());
        if (!demands.tails().isEmpty())
            tasks.add(() -> Map.of(layout.tails(), new TailEmitter(layout, demands).emit()));
        tasks.add(() -> Map.of(layout.importStubs(), new StubEmitter(layout, demands).imports()));
        tasks.add(() -> new EntryEmitter(layout, demands).emit());
        var classes = new LinkedHashMap<String, byte[]>();
        try {
            for (var made : run(tasks))
                made.forEach((type, bytes) -> classes.put(name(type), bytes));
            boolean all = early || hasInterpreter();
            classes.put(name(layout.state), new StateEmitter(layout, demands, all).emit());
        } catch (IllegalArgumentException e) {
            throw new TooComplex("too many functions, types or globals for a Java class");
        }
        return classes;
    }

    /// Whether code may be made when all is compiled.
    private boolean hasInterpreter() {
        return !options.metered() && module.enterFunction() >= 0;
    }

    private static String name(ClassDesc type) {
        return type.packageName() + "." + type.displayName();
    }

    private static <T> List<T> run(List<Callable<T>> tasks) {
        int threads = Math.min(tasks.size(), Runtime.getRuntime().availableProcessors());
        var results = new ArrayList<T>();
        if (threads == 0) return results;
        var factory = Thread.ofPlatform().daemon().name("wasm-compiler-", 0).factory();
        try (var executor = Executors.newFixedThreadPool(threads, factory)) {
            for (var future : executor.invokeAll(tasks)) results.add(future.get());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while compiling", e);
        }
        return results;
    }
}
