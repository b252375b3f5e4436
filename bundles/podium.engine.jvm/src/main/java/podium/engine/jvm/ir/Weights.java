package podium.engine.jvm.ir;

import java.util.List;
import podium.engine.jvm.ir.Block.Terminator;

/// Decides which blocks count fuel. Most are small, and counting in each would cost as much as what
/// they do; so a block pays for small ones that may follow it in the same round of the same loop.
/// Where control takes another way too much is counted, but never more than [#ADVANCE] a count.
///
/// Depends on the function alone, not on how it is divided.
final class Weights {

    /// What a block pays for others at most.
    private static final int ADVANCE = 32;

    private Weights() {}

    /// @param order all blocks in reverse post-order, with their dominators
    static void collect(List<Block> order) {
        var advance = new int[order.size()];
        for (int i = order.size() - 1; i > 0; i--) {
            var block = order.get(i);
            var payer = block.dominator;
            boolean small = advance[payer.number] + block.weight <= ADVANCE;
            if (!small || !follows(block, payer)) continue;
            advance[payer.number] += block.weight;
            payer.weight += block.weight;
            block.weight = 0;
        }
    }

    private static boolean follows(Block block, Block payer) {
        return block.loop == payer.loop
                && !block.loopHeader
                && block.caught < 0
                && payer.terminator != Terminator.SWITCH;
    }
}
