package podium.engine.jvm.emit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// Numbers what a module's tail calls lead to, from 1; those with the same results are adjacent.
final class TailTargets {

    /// @param function the function's index, or -1 for an indirect call
    /// @param type canonical, of an indirect call
    record Target(int function, int type, int table, Signature signature) {}

    /// The targets with some results.
    ///
    /// @param first number of the first of them
    record Results(int number, int first, List<Target> targets) {}

    private final Layout layout;
    private final CallTargets calls;
    private final Map<String, Results> byResults = new TreeMap<>();
    private final Map<Integer, Integer> direct = new HashMap<>();
    private final Map<Long, Integer> indirect = new HashMap<>();

    TailTargets(Layout layout, CallTargets calls) {
        this.layout = layout;
        this.calls = calls;
        Map<String, List<Target>> sorted = new TreeMap<>();
        for (int function : calls.tail())
            if (isTarget(function))
                add(sorted, new Target(function, 0, 0, layout.module.signature(function)));
        var pairs = new java.util.TreeSet<Long>();
        for (long pair : calls.indirectTail())
            pairs.add((long) layout.canonicalType((int) (pair >> 32)) << 32 | (int) pair);
        for (long pair : pairs) {
            int type = (int) (pair >> 32);
            add(sorted, new Target(-1, type, (int) pair, layout.signatures().get(type)));
        }
        int next = 1;
        for (var e : sorted.entrySet()) {
            byResults.put(e.getKey(), new Results(byResults.size(), next, e.getValue()));
            for (var target : e.getValue()) number(target, next++);
        }
    }

    /// Tail calls of other functions are ordinary ones.
    private boolean isTarget(int function) {
        return function >= layout.module.importedFunctions && calls.makesTailCalls(function);
    }

    private static void add(Map<String, List<Target>> sorted, Target target) {
        var results = Types.halved(target.signature.results());
        sorted.computeIfAbsent(results, _ -> new ArrayList<>()).add(target);
    }

    private void number(Target target, int number) {
        if (target.function >= 0) direct.put(target.function, number);
        else indirect.put((long) target.type << 32 | target.table, number);
    }

    boolean isEmpty() {
        return byResults.isEmpty();
    }

    Iterable<Results> results() {
        return byResults.values();
    }

    /// The targets with a function's results; null if there are none.
    @Nullable Results results(Signature halved) {
        return byResults.get(halved.results());
    }

    int direct(int function) {
        return Objects.requireNonNull(direct.get(function));
    }

    int indirect(int canonicalType, int table) {
        return Objects.requireNonNull(indirect.get((long) canonicalType << 32 | table));
    }

    /// Whether a function makes tail calls: then its code is in a method of its own, and the method
    /// of its name goes on with what that asks for.
    boolean makes(int function) {
        return calls.makesTailCalls(function);
    }

    /// The method with a function's code.
    String bodyName(int function) {
        var name = layout.methodName(function);
        return makes(function) ? name + "~t" : name;
    }
}
