package podium.engine.jvm.emit;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.IrBuilder;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.ir.RegionSplitter;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.wasm.FunctionValidator;
import podium.engine.jvm.wasm.MalformedModule;
import podium.engine.jvm.wasm.WasmModule;

/// Compiles a module's bodies to Java classes, on all processors.
public final class ModuleCompiler {

    /// HotSpot compiles no method beyond this.
    static final int HUGE_METHOD = 8_000;

    /// Shares of the wanted size that are tried in turn until the methods are small enough.
    private static final double[] SHARES = {1, 0.75, 0.5, 0.3, 0.17};

    private final WasmModule module;
    private final Layout layout;
    private final Set<Integer> declared;
    private final Options options;
    private final Demands demands;

    /// How to compile.
    ///
    /// @param methodSize greatest size of a method, in bytes as estimated
    /// @param profile of a training run, or null
    /// @param instrumentation to count blocks with, or null
    public record Options(int methodSize, Profile profile, Instrumentation instrumentation) {

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
        demands = new Demands(layout);
    }

    /// @return the classes by name
    /// @throws MalformedModule a body is invalid
    /// @throws TooComplex a function cannot be brought into Java methods
    public Map<String, byte[]> compile() {
        var tasks = new ArrayList<Callable<byte[]>>();
        var functions = functionsByClass();
        for (var members : functions) tasks.add(() -> new CodeClass(members).compile());
        var classes = new LinkedHashMap<String, byte[]>();
        var compiled = run(tasks);
        for (int i = 0; i < compiled.size(); i++)
            classes.put(name(layout.codeClass(i)), compiled.get(i));
        try {
            border(classes);
        } catch (IllegalArgumentException e) {
            throw new TooComplex("too many functions, types or globals for a Java class");
        }
        return classes;
    }

    /// Adds the classes around the functions'.
    private void border(Map<String, byte[]> classes) {
        classes.put(name(layout.dispatchers()), new DispatchEmitter(layout, demands).emit());
        var stubs = new StubEmitter(layout, demands);
        classes.put(name(layout.importStubs()), stubs.imports());
        classes.put(name(layout.entries()), stubs.entries());
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

    private static List<byte[]> run(List<Callable<byte[]>> tasks) {
        int threads = Math.min(tasks.size(), Runtime.getRuntime().availableProcessors());
        var results = new ArrayList<byte[]>();
        if (threads == 0) return results;
        var factory = Thread.ofPlatform().daemon().name("wasm-compiler-", 0).factory();
        try (var executor = Executors.newFixedThreadPool(threads, factory)) {
            for (var future : executor.invokeAll(tasks)) results.add(future.get());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while compiling", e);
        }
        return results;
    }

    /// A class of functions.
    private final class CodeClass {
        private final List<Integer> functions;

        /// Functions whose methods came out too large, with the index of the share to try.
        private final Map<Integer, Integer> shares = new HashMap<>();

        CodeClass(List<Integer> functions) {
            this.functions = functions;
        }

        byte[] compile() {
            for (int function : functions) FunctionValidator.validate(module, declared, function);
            var bytes = build(functions);
            for (int attempt = 1; bytes == null || attempt < SHARES.length; attempt++) {
                var large = bytes == null ? largeOnes() : large(bytes);
                boolean again = false;
                for (int function : large)
                    if (shares.merge(function, 1, Integer::sum) < SHARES.length) again = true;
                    else shares.put(function, SHARES.length - 1);
                if (!again) {
                    if (bytes != null) return bytes;
                    throw new TooComplex(
                            "function "
                                    + module.functionName(large.iterator().next())
                                    + " is too large for a Java method");
                }
                bytes = build(functions);
            }
            return bytes;
        }

        /// Builds the class, or returns null when a method exceeds what a class file can hold.
        private byte[] build(List<Integer> members) {
            var regions = new LinkedHashMap<FunctionIr, Region>();
            for (int function : members) {
                var ir = IrBuilder.build(module, function);
                if (options.profile != null) options.profile.apply(ir);
                if (options.instrumentation != null) options.instrumentation.prepare(ir);
                double share = SHARES[shares.getOrDefault(function, 0)];
                regions.put(ir, split(ir, (int) (share * options.methodSize)));
            }
            try {
                return ClassFile.of()
                        .build(
                                layout.codeClass(layout.classOf(members.getFirst())),
                                type -> {
                                    type.withFlags(
                                            ClassFile.ACC_PUBLIC
                                                    | ClassFile.ACC_FINAL
                                                    | ClassFile.ACC_SUPER);
                                    regions.forEach(
                                            (ir, region) ->
                                                    RegionEmitter.emit(
                                                            type,
                                                            layout,
                                                            demands,
                                                            options.instrumentation,
                                                            ir,
                                                            region));
                                });
            } catch (IllegalArgumentException e) {
                return null; // the only way the class file API tells that something is too large
            }
        }

        private Region split(FunctionIr ir, int limit) {
            try {
                return RegionSplitter.split(
                        ir, limit, options.profile != null && options.profile.covers(ir));
            } catch (TooComplex e) {
                throw new TooComplex(
                        "function " + module.functionName(ir.function) + ": " + e.getMessage());
            }
        }

        /// The functions that do not fit into a class even alone.
        private List<Integer> largeOnes() {
            var large = new ArrayList<Integer>();
            for (int function : functions) {
                var bytes = build(List.of(function));
                if (bytes == null || !large(bytes).isEmpty()) large.add(function);
            }
            if (large.isEmpty())
                throw new TooComplex("functions that do not fit into a Java class together");
            return large;
        }

        /// The functions with methods HotSpot would not compile.
        private Set<Integer> large(byte[] bytes) {
            var large = new java.util.TreeSet<Integer>();
            Map<String, Integer> byName = null;
            for (var method : ClassFile.of().parse(bytes).methods()) {
                var code = method.findAttribute(Attributes.code());
                if (code.isEmpty() || code.get().codeLength() <= HUGE_METHOD) continue;
                if (byName == null) byName = names();
                large.add(byName.get(Layout.withoutGroup(method.methodName().stringValue())));
            }
            return large;
        }

        private Map<String, Integer> names() {
            var names = new HashMap<String, Integer>();
            for (int function : functions) names.put(layout.methodName(function), function);
            return names;
        }
    }
}
