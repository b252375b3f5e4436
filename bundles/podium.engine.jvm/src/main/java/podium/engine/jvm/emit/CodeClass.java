package podium.engine.jvm.emit;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.ir.RegionSplitter;
import podium.engine.jvm.ir.RegionSplitter.Division;
import podium.engine.jvm.ir.RegionSplitter.Limits;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.wasm.WasmModule;

/// A class of functions under construction. How much code fits into a method is only known when it
/// is there, so functions that are divided are built again with what was learned: more code
/// for each method where there is room, less where HotSpot would not compile it.
final class CodeClass {

    /// Builds of one class.
    private static final int ATTEMPTS = 16;

    /// How many of them may try larger methods, where a training run says which code is hot. Else
    /// it gains nothing that could be measured, and whoever called the function waits.
    private static final int GROWING = 5;

    /// What each refusal leaves of a method's size.
    private static final double LESS = 0.85;

    /// What interpreters take of the greatest size: hot programs have code of their own, and what
    /// is left is much that executes now and then, where HotSpot does better with smaller methods.
    private static final double LUKEWARM = 0.5;

    private final WasmModule module;
    private final Layout layout;
    private final Demands demands;
    private final ModuleCompiler.Options options;
    private final ClassDesc name;
    private final List<Integer> functions;
    private final IntFunction<FunctionIr> translation;
    private final Map<Integer, MethodSizes> sizes = new HashMap<>();

    private byte @Nullable [] best;

    /// How many methods of it HotSpot does not compile.
    private long fewest = Long.MAX_VALUE;

    /// @param name of the class
    /// @param translation of its functions, anew each time
    CodeClass(
            WasmModule module,
            Layout layout,
            Demands demands,
            ModuleCompiler.Options options,
            ClassDesc name,
            List<Integer> functions,
            IntFunction<FunctionIr> translation) {
        this.module = module;
        this.layout = layout;
        this.demands = demands;
        this.options = options;
        this.name = name;
        this.functions = functions;
        this.translation = translation;
    }

    /// Builds until the class is as good as it gets.
    ///
    /// @throws TooComplex a function cannot be brought into Java methods
    /// @throws CancellationException the thread was interrupted
    byte[] compile() {
        boolean again = true;
        int growing = options.profile() == null ? 0 : GROWING;
        for (int attempt = 1; again && attempt <= ATTEMPTS; attempt++) {
            if (Thread.currentThread().isInterrupted())
                throw new CancellationException("interrupted while compiling");
            var divisions = divide(functions);
            var bytes = build(divisions);
            again = bytes == null ? shrinkLargeOnes() : learn(divisions, bytes, attempt <= growing);
        }
        if (best == null) throw refused();
        return best;
    }

    private TooComplex refused() {
        return new TooComplex(
                "function "
                        + module.functionName(functions.getFirst())
                        + " or one of the "
                        + (functions.size() - 1)
                        + " beside it is too large for a Java method");
    }

    private Map<FunctionIr, Division> divide(List<Integer> members) {
        var regions = new LinkedHashMap<FunctionIr, Division>();
        for (int function : members) {
            var ir = translate(function);
            var instrumentation = options.instrumentation();
            if (instrumentation != null) instrumentation.prepare(ir);
            if (options.metered()) Meter.prepare(ir);
            var size = size(function);
            int wanted = wanted(ir);
            var limits =
                    new Limits(
                            size.whole(wanted),
                            size.hot(wanted),
                            size.other(wanted),
                            size.manner());
            regions.put(ir, split(ir, limits));
        }
        return regions;
    }

    /// Builds the class, or returns null when a method exceeds what a class file can hold.
    private byte @Nullable [] build(Map<FunctionIr, Division> regions) {
        try {
            return ClassFile.of().build(name, type -> emit(type, regions));
        } catch (IllegalArgumentException e) {
            return null; // the only way the class file API tells that something is too large
        }
    }

    private void emit(ClassBuilder type, Map<FunctionIr, Division> regions) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        for (var ir : regions.keySet())
            if (ir.specialised) Superclass.add(type, Layout.entrance(ir.function));
        var positions = positions(regions.keySet());
        regions.forEach(
                (ir, division) ->
                        RegionEmitter.emit(
                                type, layout, demands, options, positions, ir, division.main()));
        positions.addTo(type);
    }

    private Positions positions(Set<FunctionIr> irs) {
        boolean wanted = functions.stream().anyMatch(options.positions()::test);
        int function = functions.getFirst();
        return wanted && irs.stream().anyMatch(ir -> ir.specialised)
                ? Positions.within(module.bodies.get(function - module.importedFunctions))
                : new Positions(wanted);
    }

    private Division split(FunctionIr ir, Limits limits) {
        try {
            return RegionSplitter.split(ir, limits, ir.counted, options.metered());
        } catch (TooComplex e) {
            throw named(ir.function, e);
        }
    }

    private FunctionIr translate(int function) {
        try {
            return translation.apply(function);
        } catch (TooComplex e) {
            throw named(function, e);
        }
    }

    private TooComplex named(int function, TooComplex e) {
        return new TooComplex("function " + module.functionName(function) + ": " + e.getMessage());
    }

    private MethodSizes size(int function) {
        return sizes.computeIfAbsent(
                function,
                _ ->
                        new MethodSizes(
                                (int) (MethodWeight.LIMIT * share(function)), options.manner()));
    }

    /// @return whether another build is worth it
    private boolean learn(Map<FunctionIr, Division> divisions, byte[] bytes, boolean grow) {
        var hot = new HashSet<String>();
        divisions.forEach((ir, d) -> hot.add(name(ir, d.hot())));
        var weights = new HashMap<String, Integer>();
        for (var method : ClassFile.of().parse(bytes).methods())
            weights.put(method.methodName().stringValue(), MethodWeight.of(method));
        keepBest(bytes, weights.values());
        var largest = new HashMap<String, Integer>();
        weights.forEach(
                (name, weight) -> {
                    if (!hot.contains(name))
                        largest.merge(Layout.withoutGroup(name), weight, Math::max);
                });
        boolean again = false;
        for (var e : divisions.entrySet()) {
            if (e.getValue().outlined()) continue;
            var hottest = name(e.getKey(), e.getValue().hot());
            int weight = Objects.requireNonNull(weights.get(hottest));
            int function = e.getKey().function;
            int other = largest.getOrDefault(layout.methodName(function), 0);
            again |= size(function).learn(wanted(e.getKey()), weight, other, grow);
        }
        return again;
    }

    /// Keeps the last of the builds with the fewest methods that HotSpot would not compile.
    private void keepBest(byte[] bytes, Collection<Integer> weights) {
        long tooHeavy = weights.stream().filter(weight -> weight > MethodWeight.LIMIT).count();
        if (tooHeavy > fewest) return;
        best = bytes;
        fewest = tooHeavy;
    }

    /// What the methods of a function shall weigh.
    private int wanted(FunctionIr function) {
        double share = share(function.function);
        return (int) (options.methodSize() * (function.opened ? share * LUKEWARM : share));
    }

    /// What refusals leave of the greatest size.
    private double share(int function) {
        var profile = options.profile();
        return profile == null ? 1 : Math.pow(LESS, profile.refusals(layout.methodName(function)));
    }

    private String name(FunctionIr function, Region region) {
        return RegionMethod.name(layout, demands, function, region.group);
    }

    /// Makes the methods smaller of the functions that do not fit into a class even alone.
    ///
    /// @return whether another build is worth it
    private boolean shrinkLargeOnes() {
        boolean again = false;
        for (int function : functions)
            if (build(divide(List.of(function))) == null) again |= size(function).shrinkAll();
        return again;
    }
}
