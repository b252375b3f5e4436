package podium.engine.jvm.ir;

import java.util.List;
import podium.engine.jvm.ir.Block.Terminator;

/// How often each block executes, and its dominator subtree is entered: what a training run
/// counted, or else a guess from the shape of the function alone.
final class Frequencies {

    /// Rounds a loop is believed to do.
    private static final double ROUNDS = 8;

    private Frequencies() {}

    /// @param order all blocks in reverse post-order
    /// @param profiled whether the blocks' counts mean anything
    static void set(List<Block> order, boolean profiled) {
        for (var block : order) {
            double entries = 0;
            for (var p : block.predecessors)
                // the graphs of WebAssembly are reducible, so a way back comes from the subtree
                if (p.number < block.number) entries += profiled ? p.count : guess(p, block);
            if (block.number == 0) entries = profiled ? block.count : 1;
            block.frequency = profiled ? block.count : entries;
            block.entries = Math.min(entries, block.frequency);
        }
    }

    private static double guess(Block from, Block to) {
        return from.frequency
                * probability(from, to)
                * Math.pow(ROUNDS, Block.depth(to) - Block.depth(from));
    }

    private static double probability(Block from, Block to) {
        int ways = 0;
        int there = 0;
        for (var next : from.successors) {
            if (fails(next)) continue;
            ways++;
            if (next == to) there++;
        }
        // a handler is no successor
        return there == 0 ? 0.001 : (double) there / ways;
    }

    private static boolean fails(Block block) {
        return block.terminator == Terminator.UNREACHABLE || block.terminator == Terminator.THROW;
    }
}
