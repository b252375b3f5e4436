package podium.engine.jvm.emit;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.IrBuilder;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.ir.RegionSplitter;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.WasmModule;

/// A class of functions under construction. How much code fits into a method is only known when it
/// is there, so functions that are divided are built again with what was learned: more code
/// for each method where there is room, less where HotSpot would not compile it.
final class CodeClass {

    /// A division whose largest method has this share of the wanted size is good enough.
    private static final double FULL = 0.935;

    /// What is aimed at in between.
    private static final double AIM = 0.968;

    /// Builds of one class, and how many of them may try larger methods.
    private static final int ATTEMPTS = 9;

    private static final int GROWING = 5;

    /// Growth by less than this is not tried.
    private static final double WORTHWHILE = 1.04;

    /// Functions that need a smaller share of the wanted size are left as they are.
    private static final double LEAST_SHARE = 0.15;

    private final WasmModule module;
    private final Layout layout;
    private final Demands demands;
    private final CallTargets callTargets;
    private final ModuleCompiler.Options options;
    private final List<Integer> functions;
    private final Map<Integer, Size> sizes = new HashMap<>();

    /// How large the methods of a function are made, as a share of the wanted size.
    private static final class Size {

        double share = 1;

        /// The greatest share that fitted, or 0, and the least that did not.
        double fits;

        double exceeds = Double.MAX_VALUE;

        /// Learns from a build.
        ///
        /// @param wanted weight of a method
        /// @param largest weight of the function's heaviest method
        /// @param divided whether it has several
        /// @param grow whether larger methods may be tried
        /// @return whether another build is worth it
        boolean learn(int wanted, int largest, boolean divided, boolean grow) {
            if (largest > MethodWeight.LIMIT) return shrink(largest, grow);
            fits = share;
            if (!grow || !divided || largest >= FULL * wanted) return false;
            double next = share * AIM * wanted / largest;
            if (exceeds < Double.MAX_VALUE) next = Math.min(next, (share + exceeds) / 2);
            if (next < share * WORTHWHILE) return false;
            share = next;
            return true;
        }

        boolean shrink(int largest, boolean grow) {
            if (fits == 0 && share < LEAST_SHARE) return false;
            exceeds = Math.min(exceeds, share);
            if (fits == 0) share *= Math.min(0.8, AIM * MethodWeight.LIMIT / largest);
            else share = grow && exceeds > fits * WORTHWHILE ? (fits + exceeds) / 2 : fits;
            return true;
        }
    }

    CodeClass(
            WasmModule module,
            Layout layout,
            Demands demands,
            CallTargets callTargets,
            ModuleCompiler.Options options,
            List<Integer> functions) {
        this.module = module;
        this.layout = layout;
        this.demands = demands;
        this.callTargets = callTargets;
        this.options = options;
        this.functions = functions;
    }

    /// Builds until the class is as good as it gets.
    ///
    /// @throws TooComplex a function cannot be brought into Java methods
    /// @throws CancellationException the thread was interrupted
    byte[] compile() {
        byte[] latest = null;
        boolean again = true;
        for (int attempt = 1; again && attempt <= ATTEMPTS; attempt++) {
            if (Thread.currentThread().isInterrupted())
                throw new CancellationException("interrupted while compiling");
            var bytes = build(divide(functions));
            again = bytes == null ? shrinkLargeOnes() : learn(bytes, attempt <= GROWING);
            if (bytes != null) latest = bytes;
        }
        if (latest == null) throw refused();
        return latest;
    }

    private TooComplex refused() {
        return new TooComplex(
                "function "
                        + module.functionName(functions.getFirst())
                        + " or one of the "
                        + (functions.size() - 1)
                        + " beside it is too large for a Java method");
    }

    private Map<FunctionIr, Region> divide(List<Integer> members) {
        var regions = new LinkedHashMap<FunctionIr, Region>();
        for (int function : members) {
            var ir = translate(function);
            var profile = options.profile();
            if (profile != null) profile.apply(ir);
            var instrumentation = options.instrumentation();
            if (instrumentation != null) instrumentation.prepare(ir);
            if (options.metered()) Meter.prepare(ir);
            regions.put(ir, split(ir, (int) (size(function).share * options.methodSize())));
        }
        return regions;
    }

    /// Builds the class, or returns null when a method exceeds what a class file can hold.
    private byte @Nullable [] build(Map<FunctionIr, Region> regions) {
        try {
            return ClassFile.of()
                    .build(
                            layout.codeClass(layout.classOf(functions.getFirst())),
                            type -> emit(type, regions));
        } catch (IllegalArgumentException e) {
            return null; // the only way the class file API tells that something is too large
        }
    }

    private void emit(ClassBuilder type, Map<FunctionIr, Region> regions) {
        type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
        var positions = new Positions(functions.stream().anyMatch(options.positions()::test));
        regions.forEach(
                (ir, region) ->
                        RegionEmitter.emit(type, layout, demands, options, positions, ir, region));
        positions.addTo(type);
    }

    private Region split(FunctionIr ir, int limit) {
        try {
            var profile = options.profile();
            boolean profiled = profile != null && profile.covers(ir);
            return RegionSplitter.split(ir, limit, profiled, options.metered());
        } catch (TooComplex e) {
            throw named(ir.function, e);
        }
    }

    private FunctionIr translate(int function) {
        try {
            return IrBuilder.build(module, function, callTargets);
        } catch (TooComplex e) {
            throw named(function, e);
        }
    }

    private TooComplex named(int function, TooComplex e) {
        return new TooComplex("function " + module.functionName(function) + ": " + e.getMessage());
    }

    private Size size(int function) {
        return sizes.computeIfAbsent(function, _ -> new Size());
    }

    /// @return whether another build is worth it
    private boolean learn(byte[] bytes, boolean grow) {
        var weights = new HashMap<String, Integer>();
        var several = new HashSet<String>();
        for (var method : ClassFile.of().parse(bytes).methods()) {
            var name = method.methodName().stringValue();
            var function = Layout.withoutGroup(name);
            if (!function.equals(name)) several.add(function);
            weights.merge(function, MethodWeight.of(method), Math::max);
        }
        boolean again = false;
        for (int function : functions) {
            var name = layout.methodName(function);
            again |=
                    size(function)
                            .learn(
                                    options.methodSize(),
                                    Objects.requireNonNull(weights.get(name)),
                                    several.contains(name),
                                    grow);
        }
        return again;
    }

    /// Makes the methods smaller of the functions that do not fit into a class even alone.
    ///
    /// @return whether another build is worth it
    private boolean shrinkLargeOnes() {
        boolean again = false;
        for (int function : functions)
            if (build(divide(List.of(function))) == null)
                again |= size(function).shrink(2 * MethodWeight.LIMIT, false);
        return again;
    }
}
