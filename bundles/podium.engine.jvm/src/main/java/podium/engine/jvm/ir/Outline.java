package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Moves what seldom runs out of a function, so that HotSpot puts the rest into its callers. C2
/// does
/// so with what runs often and has less than 325 bytes (`FreqInlineSize`), however little of it
/// runs.
final class Outline {

    /// What the rest may have, as estimated.
    private static final int INLINED = 280;

    /// How many of the function's calls may come to what moves out.
    private static final double RARE = 0.2;

    /// Calls in a training run from which on a function is worth it.
    private static final int OFTEN = 1000;

    private Outline() {}

    /// Whether less of a function would be better, of which a training run has counted the blocks.
    /// Interpreters are too large anyway.
    static boolean isWanted(FunctionIr function) {
        return function.cost > INLINED
                && function.entry.count >= OFTEN
                && !function.specialised
                && !function.opened;
    }

    /// Cuts off subtrees of blocks that seldom run, if what is left is small enough then.
    ///
    /// @param order all blocks, their dominators and frequencies being known
    /// @return whether it is
    static boolean cut(List<Block> order, ExternalHandlers handlers) {
        for (var block : order.reversed()) {
            block.remaining = block.cost;
            for (var kid : block.dominated) block.remaining += kid.remaining;
        }
        var entry = order.getFirst();
        var rare = rare(entry, handlers);
        int rest = entry.remaining + RegionSplitter.CALL_COST;
        for (var root : rare) rest += RegionSplitter.ENTRY_COST - root.remaining;
        if (rare.isEmpty() || rest > INLINED) return false;
        for (var root : rare) root.cut = true;
        return true;
    }

    /// The largest subtrees that few of all calls come to.
    private static List<Block> rare(Block entry, ExternalHandlers handlers) {
        var rare = new ArrayList<Block>();
        var pending = new ArrayDeque<Block>();
        pending.add(entry);
        while (!pending.isEmpty())
            for (var kid : pending.poll().dominated) {
                boolean moves =
                        kid.entries <= entry.frequency * RARE
                                && kid.remaining >= RegionSplitter.MIN_SUBTREE
                                && handlers.movable(kid);
                (moves ? rare : pending).add(kid);
            }
        return rare;
    }
}
