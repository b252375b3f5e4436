package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Divides a function into regions small enough to be compiled by HotSpot. A dominator subtree is
/// entered only at its
/// root, so it can become a method: bottom-up, wherever too much code remains, the subtrees that
/// run least for their
/// size are moved out and packed into groups.
public final class RegionSplitter {

    /// Code in the caller for each group it calls.
    private static final int CALL_COST = 90;

    /// A subtree smaller than this gains nothing.
    private static final int MIN_SUBTREE = 24;

    private final List<Block> order;
    private final int limit;
    private final boolean profiled;
    private final ExternalHandlers handlers;
    private int groups;

    private RegionSplitter(List<Block> order, int limit, boolean profiled) {
        this.order = order;
        this.limit = limit;
        this.profiled = profiled;
        this.handlers = ExternalHandlers.of(order);
    }

    /// Analyses a function and divides it.
    ///
    /// @param limit greatest cost of a method
    /// @param profiled whether the blocks' counts mean anything
    /// @param metered whether fuel is counted
    /// @return the region of the main method
    public static Region split(FunctionIr function, int limit, boolean profiled, boolean metered) {
        var order = Graph.order(function);
        for (var block : order) {
            function.cost += block.cost;
            function.calls |= block.calls;
        }
        if (!Liveness.feasible(function)) throw new TooComplex("too many variables and blocks");
        Liveness.run(function, order);
        boolean whole = function.cost <= limit;
        if (metered || !whole) Dominators.set(order);
        if (metered) Weights.collect(order);
        if (!whole) {
            new RegionSplitter(order, limit, profiled).partition();
        }
        var root = RegionAssembler.assemble(function, whole);
        return root;
    }

    private void partition() {
        for (int i = order.size() - 1; i >= 0; i--) {
            var block = order.get(i);
            block.remaining = block.cost;
            block.hottest = block.count;
            for (var kid : block.dominated) {
                block.remaining += kid.remaining;
                block.hottest = Math.max(block.hottest, kid.hottest);
            }
            if (block.remaining > limit) moveOut(block);
        }
    }

    /// Moves subtrees below a block out until the rest fits.
    private void moveOut(Block block) {
        var candidates = new ArrayList<>(block.dominated);
        candidates.removeIf(kid -> kid.remaining < MIN_SUBTREE || !handlers.movable(kid));
        candidates.sort(profiled ? coldestFirst() : largestFirst());
        int rest = block.remaining;
        int overhead = 2 * CALL_COST;
        var moved = new ArrayList<Block>();
        for (var kid : candidates) {
            if (rest + overhead <= limit) break;
            moved.add(kid);
            rest -= kid.remaining - 7;
            overhead += CALL_COST * kid.remaining / limit;
        }
        block.remaining = rest + pack(moved) * CALL_COST;
    }

    private static Comparator<Block> largestFirst() {
        return Comparator.comparingInt((Block b) -> -b.remaining).thenComparingInt(b -> b.order);
    }

    private static Comparator<Block> coldestFirst() {
        return Comparator.comparingDouble((Block b) -> (double) b.hottest / b.remaining)
                .thenComparingInt(b -> -b.remaining)
                .thenComparingInt(b -> b.order);
    }

    /// Packs subtrees into groups, fuller than which the caller shall be, and returns their number.
    /// With a profile hot ones share a group,
    /// else neighbours.
    private int pack(List<Block> moved) {
        if (profiled) Collections.reverse(moved);
        else moved.sort(Comparator.comparingInt(b -> b.order));
        var open = new ArrayList<Group>();
        int made = 0;
        for (var kid : moved) {
            var handler = handlers.of(kid);
            var group = find(open, handler);
            if (group == null || group.size + kid.remaining > limit * 4 / 5) {
                open.remove(group);
                group = new Group(groups++, handler);
                open.add(group);
                made++;
            }
            group.roots.add(kid);
            group.size += kid.remaining + 5;
            kid.group = group;
        }
        return made;
    }

    private static @Nullable Group find(List<Group> open, @Nullable Block handler) {
        for (var group : open) if (group.handler == handler) return group;
        return null;
    }

    /// The handlers outside each dominator subtree that its blocks throw to.
    private static final class ExternalHandlers {

        /// Beyond this a subtree is just not moved.
        private static final int MAX = 8;

        private final boolean any;
        private final java.util.Map<Block, java.util.Set<Block>> outside =
                new java.util.IdentityHashMap<>();
        private final java.util.Map<Block, Bits> defines = new java.util.IdentityHashMap<>();
        private static final Block NOWHERE = new Block();
        private static final Block UNKNOWN = new Block();

        private ExternalHandlers(boolean any) {
            this.any = any;
        }

        static ExternalHandlers of(List<Block> order) {
            boolean any = false;
            for (var block : order) any |= block.handler != null;
            var handlers = new ExternalHandlers(any);
            if (any) for (int i = order.size() - 1; i >= 0; i--) handlers.collect(order.get(i));
            return handlers;
        }

        private void collect(Block block) {
            var set = new java.util.HashSet<Block>();
            set.add(block.handler == null ? NOWHERE : block.handler);
            var assigned = block.defines.copy();
            for (var kid : block.dominated) {
                set.addAll(outside(kid));
                assigned.addAll(defines(kid));
            }
            set.removeIf(handler -> dominates(block, handler));
            if (set.size() > MAX) set.add(UNKNOWN);
            if (set.contains(UNKNOWN)) {
                set.clear();
                set.add(UNKNOWN);
            }
            outside.put(block, set);
            defines.put(block, assigned);
        }

        private Set<Block> outside(Block block) {
            return Objects.requireNonNull(outside.get(block));
        }

        private Bits defines(Block block) {
            return Objects.requireNonNull(defines.get(block));
        }

        private static boolean dominates(Block block, Block other) {
            if (other == NOWHERE || other == UNKNOWN) return false;
            while (other.number > block.number) other = other.dominator;
            return other == block;
        }

        /// Where exceptions leave a movable subtree to.
        @Nullable Block of(Block root) {
            if (!any || outside(root).isEmpty()) return null;
            var handler = outside(root).iterator().next();
            return handler == NOWHERE ? null : handler;
        }

        /// A subtree can move if all exceptions that leave it have one handler, and that needs no
        /// variable assigned in the
        /// subtree, whose value would be lost.
        boolean movable(Block root) {
            if (!any) return true;
            var set = outside(root);
            if (set.size() > 1 || set.contains(UNKNOWN)) return false;
            var handler = of(root);
            return handler == null || !defines(root).intersects(handler.live);
        }
    }
}
