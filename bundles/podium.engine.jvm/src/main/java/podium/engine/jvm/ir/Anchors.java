package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where control goes when it leaves a dominator subtree: to blocks that dominate the subtree, and
/// to
/// others that are dominated by such. The deepest of these dominators is the subtree's anchor; a
/// method with the subtree can be called from any region between that of the anchor and its own.
final class Anchors {

    /// An edge of the graph that ends outside some subtrees around its source.
    ///
    /// @param dominator the target, or what dominates it, whichever dominates the source
    private record Edge(Block source, Block dominator) {}

    private final Block[] blocks;
    private final int[] depth;

    /// For each block the nearest dominator, or itself, that has no anchor yet.
    private final int[] pending;

    private final @Nullable Block[] anchors;

    /// @param blocks all that can be reached, with their dominators
    Anchors(List<Block> blocks) {
        int count = blocks.size();
        this.blocks = new Block[count];
        for (var block : blocks) this.blocks[block.number] = block;
        depth = new int[count];
        pending = new int[count];
        anchors = new Block[count];
        for (int i = 0; i < count; i++) pending[i] = i;
        for (int i = 1; i < count; i++) depth[i] = depth[this.blocks[i].dominator.number] + 1;
        for (var edge : deepestFirst()) climb(edge);
    }

    /// The anchor of the subtree below a block, or null if control never leaves it but to return.
    @Nullable Block of(Block root) {
        return anchors[root.number];
    }

    private List<Edge> deepestFirst() {
        var intervals = new DominatorIntervals(blocks);
        var edges = new ArrayList<Edge>();
        for (var block : blocks)
            for (var next : block.successors) {
                var dominator = intervals.dominates(next, block) ? next : next.dominator;
                if (dominator != block || next == block) edges.add(new Edge(block, dominator));
            }
        edges.sort((a, b) -> depth[b.dominator.number] - depth[a.dominator.number]);
        return edges;
    }

    /// Anchors every subtree around the edge's source that the edge leaves and that has none.
    private void climb(Edge edge) {
        int limit = depth[edge.dominator.number];
        for (int i = find(edge.source.number); depth[i] > limit; i = find(i)) {
            anchors[i] = edge.dominator;
            pending[i] = blocks[i].dominator.number;
        }
    }

    private int find(int block) {
        int root = block;
        while (pending[root] != root) root = pending[root];
        for (int i = block; pending[i] != root && i != root; ) {
            int next = pending[i];
            pending[i] = root;
            i = next;
        }
        return root;
    }

    /// Tells in constant time whether a block dominates another.
    private static final class DominatorIntervals {
        private final int[] first;
        private final int[] last;

        DominatorIntervals(Block[] blocks) {
            first = new int[blocks.length];
            last = new int[blocks.length];
            record Visit(Block block, int[] next) {}
            var stack = new ArrayDeque<Visit>();
            int clock = 0;
            stack.push(new Visit(blocks[0], new int[1]));
            while (!stack.isEmpty()) {
                var visit = stack.peek();
                if (visit.next[0] == 0) first[visit.block.number] = clock++;
                if (visit.next[0] < visit.block.dominated.size()) {
                    var kid = visit.block.dominated.get(visit.next[0]++);
                    stack.push(new Visit(kid, new int[1]));
                } else {
                    if (visit.next[0] == 0) visit.next[0]++;
                    last[visit.block.number] = clock;
                    stack.pop();
                }
            }
        }

        boolean dominates(Block a, Block b) {
            return first[a.number] <= first[b.number] && first[b.number] < last[a.number];
        }
    }
}
