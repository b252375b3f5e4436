package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Orders a function's reachable blocks and links predecessors. An edge leads from every block to
/// its handler.
final class Graph {

    private Graph() {}

    /// Drops unreachable blocks and returns the others in reverse post-order.
    static List<Block> order(FunctionIr function) {
        var order = reversePostOrder(function.entry);
        for (int i = 0; i < order.size(); i++) order.get(i).number = i;
        function.blocks.removeIf(block -> block.number < 0);
        function.blocks.sort(Comparator.comparingInt(block -> block.order));
        for (var block : order) {
            for (int i = 0; i < edges(block); i++) {
                var next = edge(block, i);
                if (next.predecessors.isEmpty() || next.predecessors.getLast() != block)
                    next.predecessors.add(block);
            }
        }
        return order;
    }

    /// Forgets the order, of a function that changes.
    static void forget(FunctionIr function) {
        for (var block : function.blocks) {
            block.predecessors.clear();
            block.number = -1;
        }
    }

    /// Marks where ways lead back to, in a function that was not made out of loops.
    static void markLoops(FunctionIr function) {
        for (var block : order(function))
            for (var next : block.successors)
                if (next.number <= block.number) next.loopHeader = true;
        forget(function);
    }

    /// Number of edges out of a block, that to its handler included.
    static int edges(Block block) {
        return block.successors.length + (block.handler == null ? 0 : 1);
    }

    static Block edge(Block block, int i) {
        return i < block.successors.length
                ? block.successors[i]
                : Objects.requireNonNull(block.handler);
    }

    private static List<Block> reversePostOrder(Block entry) {
        record Visit(Block block, int[] next) {}
        var order = new ArrayList<Block>();
        var stack = new ArrayDeque<Visit>();
        entry.number = 0;
        stack.push(new Visit(entry, new int[1]));
        while (!stack.isEmpty()) {
            var visit = stack.peek();
            if (visit.next[0] == edges(visit.block)) {
                order.add(visit.block);
                stack.pop();
                continue;
            }
            // the last edge first, so that the first successor comes first in the reverse
            int i = edges(visit.block) - 1 - visit.next[0]++;
            var next = edge(visit.block, i);
            if (next.number >= 0) continue;
            next.number = 0;
            stack.push(new Visit(next, new int[1]));
        }
        Collections.reverse(order);
        return order;
    }
}
