package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import podium.engine.jvm.ir.Arm;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.Block.Terminator;

/// Has the arms of a switch compute their addresses themselves. C2 takes equal computations of
/// several arms for one, and does it before the switch: an interpreter would do the work of all its
/// instructions for each, and have no registers left. So an arm begins with copies of variables, of
/// which C2 cannot tell that they are equal: a number is added that is 0, and is read behind a
/// barrier of the arm's own.
final class Arms {

    /// With fewer, little is computed in vain.
    private static final int FEWEST = 4;

    /// Arms that read a variable for an address, at least, so that copying it is worth while.
    private static final int SHARING = 3;

    /// Arms of a method times variables, so that none takes much time or memory.
    private static final int MOST = 1 << 24;

    private final RegionMethod method;

    /// What is left of [#MOST].
    private long left = MOST;

    /// The variables that are copied where a block begins.
    private final Map<Block, BitSet> copied = new HashMap<>();

    /// The variables whose copies are right where a block begins.
    private final Map<Block, BitSet> right = new HashMap<>();

    Arms(RegionMethod method) {
        this.method = method;
        for (var block : method.region.blocks)
            if (block.terminator == Terminator.SWITCH) add(arms(block));
        var group = method.region.group;
        if (group != null) add(group.roots);
    }

    /// The blocks of this method that are entered from a switch alone.
    private Set<Block> arms(Block dispatcher) {
        var arms = new LinkedHashSet<>(List.of(dispatcher.successors));
        arms.removeIf(arm -> arm.region != method.region || arm.predecessors.size() > 1);
        return arms;
    }

    private void add(Collection<Block> firsts) {
        if (firsts.size() < FEWEST) return;
        int variables = method.function.variables.length();
        left -= (long) firsts.size() * variables;
        if (left < 0) return;
        var arms = new ArrayList<Arm>();
        var readers = new int[variables];
        for (var first : firsts) {
            var arm = new Arm(first, variables);
            arms.add(arm);
            arm.addressing.stream().forEach(v -> readers[v]++);
        }
        var shared = new BitSet();
        for (int v = 0; v < variables; v++)
            if (readers[v] >= SHARING && !method.frame.isShared(v)) shared.set(v);
        for (var arm : arms) copy(arm, shared);
    }

    private void copy(Arm arm, BitSet shared) {
        var some = (BitSet) arm.addressing.clone();
        some.and(shared);
        if (some.isEmpty()) return;
        merge(copied, arm.first, some);
        for (var block : arm.blocks()) merge(right, block, arm.unchanged(block, some));
    }

    private static void merge(Map<Block, BitSet> sets, Block block, BitSet more) {
        sets.computeIfAbsent(block, _ -> new BitSet()).or(more);
    }

    /// At the start of a block.
    void begin(Block block) {
        var variables = copied.get(block);
        if (variables != null) emit(variables);
        var valid = right.get(block);
        if (valid != null) method.frame.useCopies(valid);
    }

    private void emit(BitSet variables) {
        var code = method.code;
        var frame = method.frame;
        // Volatile: what is read next is then not the same that another arm reads.
        code.aload(Frame.STATE).getfield(Symbols.STATE, "interrupted", CD_int).pop();
        for (int v = variables.nextSetBit(0); v >= 0; v = variables.nextSetBit(v + 1)) {
            frame.load(code, v);
            code.aload(Frame.STATE).getfield(Symbols.STATE, "zero", CD_int);
            code.iadd().istore(frame.copy(v));
        }
    }

    /// At the end of a block.
    void end() {
        method.frame.useNoCopies();
    }
}
