package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Profile;

/// Counts the executions of blocks, for a training run.
public final class Instrumentation {

    /// First counter and number of counters of each function.
    private record Range(int first, int count) {}

    private final Map<Integer, Range> ranges = new TreeMap<>();
    private int counters;

    /// Bytes of code for a counter.
    private static final int COST = 14;

    /// Reserves a function's counters.
    synchronized void prepare(FunctionIr function) {
        for (var block : function.blocks) block.cost += COST;
        if (ranges.containsKey(function.function)) return;
        int count = 0;
        for (var block : function.blocks) count = Math.max(count, block.order + 1);
        ranges.put(function.function, new Range(counters, count));
        counters += count;
    }

    synchronized void count(CodeBuilder code, int function, Block block) {
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "counters", CD_long.arrayType());
        code.loadConstant(Objects.requireNonNull(ranges.get(function)).first + block.order);
        code.dup2();
        code.laload();
        code.lconst_1();
        code.ladd();
        code.lastore();
    }

    public synchronized int counters() {
        return counters;
    }

    /// What a run counted.
    public synchronized Profile profile(long[] counts) {
        var profile = new Profile();
        ranges.forEach(
                (function, range) ->
                        profile.add(
                                function,
                                Arrays.copyOfRange(
                                        counts, range.first, range.first + range.count)));
        return profile;
    }
}
