package podium.engine.jvm.emit;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.Region;

/// The loops of a method that have code of their own where they go round: all ways back lead there,
/// and from there to the loop's beginning or somewhere near.
final class Rounds {

    /// Larger loops are not looked at more closely: all together take time in proportion.
    private static final int MAX_LOOP = 64;

    private final CodeBuilder code;
    private final Map<Block, Label> labels = new HashMap<>();

    Rounds(CodeBuilder code) {
        this.code = code;
    }

    /// The blocks of a loop that makes no calls and lies in a region's method whole; none if it
    /// does not, or is large.
    static Set<Block> body(Block header, Region region) {
        if (waysBack(header) == 0) return Set.of();
        var body = new HashSet<Block>();
        var pending = new ArrayDeque<Block>();
        pending.add(header);
        while (!pending.isEmpty()) {
            var block = pending.poll();
            if (!body.add(block)) continue;
            if (block.calls || block.region != region) return Set.of();
            if (body.size() + block.predecessors.size() > MAX_LOOP) return Set.of();
            for (var p : block.predecessors)
                if (block != header || isBack(p, header)) pending.add(p);
        }
        return body;
    }

    /// Whether a loop's body has no other loop in it.
    static boolean isInnermost(Block header, Set<Block> body) {
        return body.stream().noneMatch(block -> block.loopHeader && block != header);
    }

    /// Whether the way from a block to a loop's beginning is one back.
    static boolean isBack(Block block, Block header) {
        return block.order >= header.order;
    }

    static int waysBack(Block header) {
        int count = 0;
        for (var p : header.predecessors) if (isBack(p, header)) count++;
        return count;
    }

    /// Where a loop begins: has something emitted that its rounds come to.
    void add(Block header, BranchEmitter branches, Runnable round) {
        var label = code.newLabel();
        labels.put(header, label);
        branches.later(
                () -> {
                    code.labelBinding(label);
                    round.run();
                });
    }

    /// Whether this is the way back of such a loop, whose beginning is emitted.
    boolean goesRound(Block block, Block next) {
        return isBack(block, next) && labels.containsKey(next);
    }

    /// Where the way back leads.
    Label way(Block header) {
        return Objects.requireNonNull(labels.get(header));
    }
}
