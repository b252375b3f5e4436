package podium.engine.jvm.ir;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The handlers outside each dominator subtree that its blocks throw to.
final class ExternalHandlers {

    /// Beyond this a subtree is just not moved.
    private static final int MAX = 8;

    private final boolean any;
    private final Map<Block, Set<Block>> outside = new IdentityHashMap<>();
    private final Map<Block, Bits> defines = new IdentityHashMap<>();
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
        var set = new HashSet<Block>();
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
