package podium.testkit.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import podium.engine.Engine.Feature;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// A random module that is valid, and whose functions end: each function and each round of a loop
/// takes of the exported global [#FUEL], and traps when it is used up.
///
/// What the specification leaves open shows nowhere: a NaN that an instruction makes becomes the
/// canonical one.
final class RandomModule {

    /// An exported i32, to be set before a call.
    static final String FUEL = "fuel";

    static final int MAX_PAGES = 3;
    static final int TABLE_SIZE = 8;

    private static final int MOST_VALUES = 4;

    /// A function type.
    record Signature(String parameters, String results) {}

    /// A variable beside the fuel.
    record Variable(int index, char type, boolean mutable) {}

    final Random random;
    final Set<Feature> features;
    final WasmAssembler wasm = new WasmAssembler();

    /// Letters of the types there are.
    final String letters;

    final List<Signature> types = new ArrayList<>();
    final List<Integer> functionTypes = new ArrayList<>();
    final List<Variable> variables = new ArrayList<>();

    /// Parameters of the tags.
    final List<String> tags = new ArrayList<>();

    int importedFunctions;
    int fuel;
    int dataSegments;
    int elementSegments;
    boolean shared;

    /// Whether it uses the exceptions of old; else those with references, if any.
    boolean legacy;

    private RandomModule(Random random, Set<Feature> features) {
        this.random = random;
        this.features = features;
        var all = new StringBuilder("il");
        if (chance(70)) all.append("fd");
        if (features.contains(Feature.SIMD) && chance(40)) all.append('v');
        if (chance(30)) all.append("rx");
        letters = all.toString();
    }

    /// @param features that it may use
    static byte[] of(long seed, Set<Feature> features) {
        var module = new RandomModule(new Random(seed), features);
        module.declare();
        module.define();
        return module.wasm.assemble();
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    char letter() {
        return letters.charAt(random.nextInt(letters.length()));
    }

    boolean hasVectors() {
        return letters.indexOf('v') >= 0;
    }

    boolean hasExceptions() {
        return !tags.isEmpty();
    }

    /// A function that `ref.func` may name: it is exported.
    int referable() {
        return importedFunctions + random.nextInt(functionTypes.size() - importedFunctions);
    }

    /// The index of a function type.
    int type(String parameters, String results) {
        var wanted = new Signature(parameters, results);
        int known = types.indexOf(wanted);
        if (known >= 0) return known;
        types.add(wanted);
        return wasm.type(parameters, results);
    }

    private String values() {
        var values = new StringBuilder();
        for (int n = random.nextInt(MOST_VALUES); n > 0; n--) values.append(letter());
        return values.toString();
    }

    // ---- declarations

    private void declare() {
        shared = features.contains(Feature.ATOMICS) && chance(25);
        for (int n = random.nextInt(3); n > 0; n--) importFunction(values(), values());
        if (shared) wasm.importMemory("env", "memory", 1, MAX_PAGES, true);
        else wasm.memory(1, MAX_PAGES);
        wasm.table(TABLE_SIZE, TABLE_SIZE + 4);
        tags();
        fuel = wasm.global('i', true, new Code().i32(0));
        wasm.export(FUEL, WasmAssembler.GLOBAL, fuel);
        for (int n = random.nextInt(5); n > 0; n--) variable();
        int functions = 2 + random.nextInt(6);
        for (int i = 0; i < functions; i++) functionTypes.add(type(values(), values()));
        segments();
    }

    private void importFunction(String parameters, String results) {
        int type = type(parameters, results);
        wasm.importFunction("host", "f" + importedFunctions++, type);
        functionTypes.add(type);
    }

    private void tags() {
        var kinds = new ArrayList<Feature>();
        for (var kind : List.of(Feature.EXCEPTIONS, Feature.LEGACY_EXCEPTIONS))
            if (features.contains(kind)) kinds.add(kind);
        if (kinds.isEmpty() || !chance(50)) return;
        legacy = kinds.get(random.nextInt(kinds.size())) == Feature.LEGACY_EXCEPTIONS;
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
            var values = values();
            wasm.tag(type(values, ""));
            tags.add(values);
        }
    }

    private void variable() {
        char type = letter();
        boolean mutable = chance(80);
        var values = new RandomValues(random);
        int index = wasm.global(type, mutable, values.constant(new Code(), type));
        variables.add(new Variable(index, type, mutable));
        wasm.export("g" + index, WasmAssembler.GLOBAL, index);
    }

    private void segments() {
        wasm.data(random.nextInt(1000), text());
        wasm.passiveData(text());
        wasm.passiveData(text());
        dataSegments = 3;
        wasm.elements(random.nextInt(TABLE_SIZE - 4), someFunctions());
        wasm.passiveElements(someFunctions());
        elementSegments = 2;
    }

    private String text() {
        return "podium".repeat(1 + random.nextInt(10));
    }

    private int[] someFunctions() {
        return random.ints(4, 0, functionTypes.size()).toArray();
    }

    // ---- bodies

    private void define() {
        for (int i = importedFunctions; i < functionTypes.size(); i++) {
            var body = new RandomBody(this, types.get(functionTypes.get(i)));
            wasm.function("f" + i, functionTypes.get(i), body.locals(), body.code());
        }
        int last = functionTypes.size() - 1;
        if (chance(10) && types.get(functionTypes.get(last)).equals(new Signature("", "")))
            wasm.start(last);
    }
}
