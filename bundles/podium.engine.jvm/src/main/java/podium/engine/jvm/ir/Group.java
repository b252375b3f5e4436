package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Dominator subtrees that were moved out of a method into one of their own.
public final class Group {

    /// Number within the function.
    public final int id;

    /// Where exceptions that leave the group go in the calling method, or null.
    public final @Nullable Block handler;

    /// The blocks through which the group is entered.
    public final List<Block> roots = new ArrayList<>();

    /// The region of the blocks that dominate the roots: the calling method.
    @SuppressWarnings("NullAway.Init")
    public Region parent;

    /// The group's own method.
    @SuppressWarnings("NullAway.Init")
    public Region region;

    /// A switch in the calling method that selects among many of the roots, or null. Its selector
    /// then serves as the
    /// group's state, so that its cases need no code of their own.
    public @Nullable Block dispatcher;

    /// How many roots the groups have that the region calls before.
    int firstWay;

    int size;

    Group(int id, @Nullable Block handler) {
        this.id = id;
        this.handler = handler;
    }

    /// Whether entering takes a number that tells the root.
    public boolean hasState() {
        return roots.size() > 1;
    }

    /// The state that enters at a root.
    public int state(Block root) {
        if (dispatcher != null)
            for (int i = 0; i < dispatcher.successors.length - 1; i++)
                if (dispatcher.successors[i] == root) return i;
        return firstState() + roots.indexOf(root);
    }

    /// The state that enters at the first root, if it enters at all at roots that the dispatcher
    /// selects: it does where a [Junction] leads here. The others' follow.
    public int firstState() {
        return dispatcher == null ? 0 : dispatcher.successors.length;
    }
}
