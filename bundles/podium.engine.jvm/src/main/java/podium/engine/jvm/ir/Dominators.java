package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/// Finds dominators (Lengauer, Tarjan: "A Fast Algorithm for Finding Dominators in a Flowgraph";
/// the
/// simple variant), so that no graph takes more than its size times a logarithm. Blocks are told by
/// their places in a depth-first search.
final class Dominators {

    private static final int NONE = -1;

    private final Block[] blocks;

    /// The place of each block, by its number.
    private final int[] place;

    private final int[] parent;
    private final int[] semi;
    private final int[] dominator;

    /// The forest of those done: ancestor in it, and the least `semi` on the way there.
    private final int[] ancestor;

    private final int[] best;

    private Dominators(List<Block> order) {
        int count = order.size();
        blocks = new Block[count];
        place = new int[count];
        parent = new int[count];
        semi = new int[count];
        dominator = new int[count];
        ancestor = new int[count];
        best = new int[count];
        Arrays.fill(place, NONE);
        Arrays.fill(ancestor, NONE);
        search(order.getFirst());
        find();
    }

    /// Sets the dominator of every block, and what each dominates; the first block dominates
    /// itself.
    ///
    /// @param order all blocks, the entry first
    static void set(List<Block> order) {
        var dominators = new Dominators(order);
        order.getFirst().dominator = order.getFirst();
        for (int i = 1; i < order.size(); i++) {
            var block = order.get(i);
            block.dominator =
                    dominators.blocks[dominators.dominator[dominators.place[block.number]]];
            block.dominator.dominated.add(block);
        }
    }

    private void search(Block entry) {
        record Visit(Block block, int[] next) {}
        var stack = new ArrayDeque<Visit>();
        int count = number(entry, 0, 0);
        stack.push(new Visit(entry, new int[1]));
        while (!stack.isEmpty()) {
            var visit = stack.peek();
            if (visit.next[0] == Graph.edges(visit.block)) {
                stack.pop();
                continue;
            }
            var next = Graph.edge(visit.block, visit.next[0]++);
            if (place[next.number] != NONE) continue;
            count = number(next, count, place[visit.block.number]);
            stack.push(new Visit(next, new int[1]));
        }
    }

    private int number(Block block, int at, int from) {
        blocks[at] = block;
        place[block.number] = at;
        parent[at] = from;
        semi[at] = at;
        best[at] = at;
        return at + 1;
    }

    private void find() {
        int count = blocks.length;
        var firstInBucket = new int[count];
        var nextInBucket = new int[count];
        Arrays.fill(firstInBucket, NONE);
        for (int w = count - 1; w > 0; w--) {
            for (var p : blocks[w].predecessors)
                semi[w] = Math.min(semi[w], semi[evaluate(place[p.number])]);
            nextInBucket[w] = firstInBucket[semi[w]];
            firstInBucket[semi[w]] = w;
            ancestor[w] = parent[w];
            for (int v = firstInBucket[parent[w]]; v != NONE; v = nextInBucket[v]) {
                int u = evaluate(v);
                dominator[v] = semi[u] < semi[v] ? u : parent[w];
            }
            firstInBucket[parent[w]] = NONE;
        }
        for (int w = 1; w < count; w++)
            if (dominator[w] != semi[w]) dominator[w] = dominator[dominator[w]];
    }

    private int evaluate(int v) {
        if (ancestor[v] == NONE) return v;
        compress(v);
        return best[v];
    }

    /// Shortens the way from a block to the root of its tree, from the top down.
    private void compress(int v) {
        var path = new ArrayDeque<Integer>();
        for (int i = v; ancestor[ancestor[i]] != NONE; i = ancestor[i]) path.push(i);
        for (int i : path) {
            int above = ancestor[i];
            if (semi[best[above]] < semi[best[i]]) best[i] = best[above];
            ancestor[i] = ancestor[above];
        }
    }
}
