package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Opcodes;

/// A block, and those of its method that are entered from these alone. It ends at loops, and where
/// other methods come back.
public final class Arm {

    /// Blocks that are looked at.
    private static final int MOST = 64;

    public final Block first;

    /// The 32-bit variables that are read for addresses in memory while they have what they had
    /// where the arm began.
    public final BitSet addressing = new BitSet();

    /// The variables that have what they had where the arm began: where a block begins, and ends.
    private final Map<Block, BitSet> before = new LinkedHashMap<>();

    private final Map<Block, BitSet> behind = new HashMap<>();

    /// @param variables how many the function has
    public Arm(Block first, int variables) {
        this.first = first;
        var all = new BitSet();
        all.set(0, variables);
        before.put(first, all);
        var arrived = new HashMap<Block, Integer>();
        var pending = new ArrayDeque<>(List.of(first));
        while (!pending.isEmpty()) {
            var block = pending.poll();
            behind.put(block, pass(block, copy(before, block)));
            for (var next : new LinkedHashSet<>(List.of(block.successors))) {
                int ways = arrived.merge(next, 1, Integer::sum);
                if (ways < next.predecessors.size() || !continues(next)) continue;
                before.put(next, common(next));
                pending.add(next);
            }
        }
    }

    private boolean continues(Block block) {
        return block.region == first.region
                && block.caught < 0
                && block != first
                && before.size() < MOST;
    }

    private BitSet common(Block block) {
        var common = copy(behind, block.predecessors.getFirst());
        for (var p : block.predecessors) common.and(behind.get(p));
        return common;
    }

    private static BitSet copy(Map<Block, BitSet> sets, Block block) {
        return (BitSet) Objects.requireNonNull(sets.get(block)).clone();
    }

    /// The blocks.
    public Set<Block> blocks() {
        return before.keySet();
    }

    /// Those of some variables that have, where a block begins, what they had where the arm began.
    public BitSet unchanged(Block block, BitSet variables) {
        var unchanged = copy(before, block);
        unchanged.and(variables);
        return unchanged;
    }

    private BitSet pass(Block block, BitSet unchanged) {
        for (var e : block.statements) pass(e, false, unchanged);
        for (var e : block.results) pass(e, false, unchanged);
        pass(block.value, false, unchanged);
        return unchanged;
    }

    /// In the order in which it is evaluated.
    private void pass(@Nullable Expr e, boolean address, BitSet unchanged) {
        if (e == null) return;
        for (var argument : e.args) pass(argument, false, unchanged);
        if (address && e.isGet() && e.type == 'I' && unchanged.get(e.index))
            addressing.set(e.index);
        boolean accesses = Opcodes.isLoad(e.op) || Opcodes.isStore(e.op);
        pass(e.a, address || accesses, unchanged);
        pass(e.b, address && !accesses, unchanged);
        pass(e.c, address, unchanged);
        if (e.op == Opcodes.LOCAL_SET || e.op == Opcodes.LOCAL_TEE) unchanged.clear(e.index);
    }
}
