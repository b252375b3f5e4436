package podium.engine.jvm.emit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.wasm.FunctionValidator;
import podium.engine.jvm.wasm.MalformedModule;
import podium.engine.jvm.wasm.TailCalls;
import podium.engine.jvm.wasm.WasmModule;

/// Compiles a module's bodies to Java classes, on all processors.
public final class ModuleCompiler {

    private final WasmModule module;
    private final Layout layout;
    private final Set<Integer> declared;
    private final Options options;
    private final TailCalls tailCalls = new TailCalls();

    /// How to compile.
    ///
    /// @param methodSize greatest size of a method, in bytes as estimated
    /// @param profile of a training run, or null
    /// @param instrumentation to count blocks with, or null
    /// @param metered whether to count fuel
    public record Options(
            int methodSize,
            @Nullable Profile profile,
            @Nullable Instrumentation instrumentation,
            boolean metered) {

        /// The size with which methods rarely exceed what HotSpot compiles.
        public static final int METHOD_SIZE = 7_800;
    }

    /// @param declared what `ModuleValidator` returned
    public ModuleCompiler(
            WasmModule module, Layout layout, Set<Integer> declared, Options options) {
        this.module = module;
        this.layout = layout;
        this.declared = declared;
        this.options = options;
    }

    /// @return the classes by name
    /// @throws MalformedModule a body is invalid
    /// @throws TooComplex a function cannot be brought into Java methods
    public Map<String, byte[]> compile() {
        var functions = functionsByClass();
        validate(functions);
        var demands = new Demands(layout, new TailTargets(layout, tailCalls));
        var tasks = new ArrayList<Callable<byte[]>>();
        for (var members : functions)
            tasks.add(
                    () ->
                            new CodeClass(module, layout, demands, tailCalls, options, members)
                                    .compile());
        var classes = new LinkedHashMap<String, byte[]>();
        var compiled = run(tasks);
        for (int i = 0; i < compiled.size(); i++)
            classes.put(name(layout.codeClass(i)), compiled.get(i));
        try {
            border(classes, demands);
        } catch (IllegalArgumentException e) {
            throw new TooComplex("too many functions, types or globals for a Java class");
        }
        return classes;
    }

    /// All bodies are validated before the first is compiled: how a function is called depends on
    /// whether it makes tail calls.
    private void validate(List<List<Integer>> functions) {
        var tasks = new ArrayList<Callable<Boolean>>();
        for (var members : functions)
            tasks.add(
                    () -> {
                        for (int function : members)
                            FunctionValidator.validate(module, declared, tailCalls, function);
                        return true;
                    });
        run(tasks);
    }

    /// Adds the classes around the functions'.
    private void border(Map<String, byte[]> classes, Demands demands) {
        new DispatchEmitter(layout, demands)
                .emit()
                .forEach((type, bytes) -> classes.put(name(type), bytes));
        if (!demands.tails().isEmpty())
            classes.put(name(layout.tails()), new TailEmitter(layout, demands).emit());
        classes.put(name(layout.importStubs()), new StubEmitter(layout, demands).imports());
        new EntryEmitter(layout, demands)
                .emit()
                .forEach((type, bytes) -> classes.put(name(type), bytes));
        classes.put(name(layout.state), new StateEmitter(layout, demands).emit());
    }

    private static String name(java.lang.constant.ClassDesc type) {
        return type.packageName() + "." + type.displayName();
    }

    private List<List<Integer>> functionsByClass() {
        var functions = new ArrayList<List<Integer>>();
        for (int i = 0; i < layout.classes(); i++) functions.add(new ArrayList<>());
        for (int f = module.importedFunctions; f < module.functions.size(); f++)
            functions.get(layout.classOf(f)).add(f);
        return functions;
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
