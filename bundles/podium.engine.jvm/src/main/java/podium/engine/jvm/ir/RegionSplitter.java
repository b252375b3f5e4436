package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Divides a function into regions small enough to be compiled by HotSpot. A dominator subtree is
/// entered only at its root, so it can become a method. Bottom-up, wherever too much code remains,
/// those subtrees move out that are entered least for their size; [Packer] makes methods of them.
public final class RegionSplitter {

    /// Code in the caller for each group it calls, and for each way into one.
    static final int CALL_COST = 90;

    static final int ENTRY_COST = 7;

    /// A subtree smaller than this gains nothing.
    static final int MIN_SUBTREE = 24;

    /// Functions of more blocks are divided with less care: where a method is full, more moves out
    /// than must, so that it is not looked at again for every further block.
    private static final int MANY_BLOCKS = 20_000;

    private static final Comparator<Candidate> CHEAPEST =
            Comparator.comparingDouble(Candidate::price)
                    .thenComparingInt(c -> -c.size)
                    .thenComparingInt(c -> c.root.order);

    private final Limits limits;
    private final boolean careful;
    private final Block hottest;
    private final ExternalHandlers handlers;

    /// Greatest costs of methods.
    ///
    /// @param whole of a function that is not divided
    /// @param hot of the one with the block that runs most
    /// @param other of all others
    public record Limits(int whole, int hot, int other, Manner manner) {}

    /// How a function is divided.
    public enum Manner {
        /// Subtrees of any depth move. There may be more ways out of a method than it holds.
        DEEP,
        /// Only those right below a full method move, ways that lead to groups of one region are
        /// taken together ([Junction]), and variables are in an array ([Sharing]): what moves
        /// between methods costs nothing, but each use of a variable that several of them use does.
        SHARING
    }

    private RegionSplitter(List<Block> order, Limits limits) {
        this.limits = limits;
        careful = order.size() <= MANY_BLOCKS;
        hottest = Collections.max(order, Comparator.comparingDouble(b -> b.frequency));
        handlers = ExternalHandlers.of(order);
    }

    /// Analyses a function and divides it.
    ///
    /// @param profiled whether the blocks' counts mean anything
    /// @param metered whether fuel is counted
    public static Division split(
            FunctionIr function, Limits limits, boolean profiled, boolean metered) {
        var order = Graph.order(function);
        if (!Liveness.feasible(function)) throw new TooComplex("too many variables and blocks");
        Liveness.run(function, order);
        Bounds.run(function, order);
        for (var block : order) {
            function.cost += block.cost;
            function.calls |= block.calls;
        }
        boolean whole = function.cost <= limits.whole;
        boolean outline = whole && profiled && Outline.isWanted(function);
        if (metered || !whole || outline) Dominators.set(order);
        if (metered) Weights.collect(function, order);
        if (outline) {
            Frequencies.set(order, true);
            var handlers = ExternalHandlers.of(order);
            if (Outline.cut(order, handlers)) return outlined(function, limits, handlers);
        }
        if (whole) {
            var main = RegionAssembler.whole(function);
            return new Division(main, main, false);
        }
        Frequencies.set(order, profiled);
        var splitter = new RegionSplitter(order, limits);
        splitter.partition(order);
        new Packer(limits.other, profiled, splitter.handlers).pack(function.entry);
        var main = RegionAssembler.divided(function, limits.manner == Manner.SHARING);
        return new Division(main, splitter.hottest.region, false);
    }

    private static Division outlined(
            FunctionIr function, Limits limits, ExternalHandlers handlers) {
        new Packer(limits.other, true, handlers).pack(function.entry);
        var main = RegionAssembler.divided(function, false);
        return new Division(main, main, true);
    }

    /// A function's regions.
    ///
    /// @param main of the main method, which calls the others
    /// @param hot with the block that runs most
    /// @param outlined whether it would fit into one method, but for what seldom runs ([Outline])
    public record Division(Region main, Region hot, boolean outlined) {}

    private void partition(List<Block> order) {
        int least = Math.min(limits.hot, limits.other);
        for (var block : order.reversed()) {
            block.remaining = block.cost;
            for (var kid : block.dominated) block.remaining += kid.cut ? ENTRY_COST : kid.remaining;
            if (block.remaining > least) moveOut(block);
        }
    }

    private boolean isHot(Block block) {
        var b = hottest;
        while (b != block && !b.cut && b.dominator != b) b = b.dominator;
        return b == block;
    }

    /// A subtree that may move out, with the size it had when it was looked at.
    private record Candidate(Block root, int size) {
        double price() {
            return root.entries / size;
        }
    }

    /// Moves subtrees below a block out until the rest fits.
    private void moveOut(Block block) {
        int limit = isHot(block) ? limits.hot : limits.other;
        if (block.remaining <= limit) return;
        int goal = careful ? limit : limit * 3 / 4;
        var candidates = new PriorityQueue<>(CHEAPEST);
        gather(block, candidates);
        int rest = block.remaining;
        int count = 0;
        int moved = 0;
        while (rest + overhead(count, moved) > goal && !candidates.isEmpty()) {
            var candidate = candidates.poll();
            var root = candidate.root;
            if (movedWith(root, block)) continue;
            if (root.remaining < candidate.size) {
                offer(root, candidates);
                continue;
            }
            root.cut = true;
            count++;
            moved += root.remaining;
            int gain = root.remaining - ENTRY_COST;
            rest -= gain;
            for (var b = root.dominator; b != block; b = b.dominator) b.remaining -= gain;
        }
        block.remaining = rest + overhead(count, moved);
    }

    /// What the calls take of the groups that subtrees of some size together will make.
    private int overhead(int count, int moved) {
        return CALL_COST * Math.min(count, moved / limits.other + 2);
    }

    private static boolean movedWith(Block root, Block top) {
        for (var b = root; b != top; b = b.dominator) if (b.cut) return true;
        return false;
    }

    /// Offers all subtrees that are still with a block.
    private void gather(Block top, PriorityQueue<Candidate> candidates) {
        var pending = new ArrayDeque<Block>();
        pending.push(top);
        while (!pending.isEmpty()) {
            for (var kid : pending.pop().dominated) {
                if (kid.cut) continue;
                offer(kid, candidates);
                if (limits.manner == Manner.DEEP) pending.push(kid);
            }
        }
    }

    private void offer(Block root, PriorityQueue<Candidate> candidates) {
        if (root.remaining >= MIN_SUBTREE && handlers.movable(root))
            candidates.add(new Candidate(root, root.remaining));
    }
}
