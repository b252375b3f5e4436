package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Packs the subtrees that move out of a method into groups, each of which becomes a method. With a
/// profile those entered often share a group, else neighbours.
final class Packer {

    private static final Comparator<Block> OFTENEST_FIRST =
            Comparator.comparingDouble((Block b) -> -b.entries).thenComparingInt(b -> b.order);

    private static final Comparator<Block> IN_PLACE = Comparator.comparingInt(b -> b.order);

    /// What the roots of a group take together; some room is left for what stands around them.
    private final int limit;

    private final boolean profiled;
    private final ExternalHandlers handlers;
    private int groups;

    Packer(int limit, boolean profiled, ExternalHandlers handlers) {
        this.limit = limit * 4 / 5;
        this.profiled = profiled;
        this.handlers = handlers;
    }

    /// Makes the groups of a function, those called from the main method first.
    void pack(Block entry) {
        var pending = new ArrayDeque<List<Block>>();
        pending.add(List.of(entry));
        while (!pending.isEmpty())
            for (var group : groups(cutBelow(pending.poll()))) pending.add(group.roots);
    }

    /// The roots that are cut off the subtrees of others.
    private static List<Block> cutBelow(List<Block> roots) {
        var cut = new ArrayList<Block>();
        var pending = new ArrayDeque<>(roots);
        while (!pending.isEmpty())
            for (var kid : pending.poll().dominated) (kid.cut ? cut : pending).add(kid);
        return cut;
    }

    private List<Group> groups(List<Block> roots) {
        roots.sort(profiled ? OFTENEST_FIRST : IN_PLACE);
        var open = new ArrayList<Group>();
        var made = new ArrayList<Group>();
        for (var root : roots) {
            var handler = handlers.of(root);
            var group = find(open, handler);
            if (group == null || group.size + root.remaining > limit) {
                open.remove(group);
                group = new Group(groups++, handler);
                open.add(group);
                made.add(group);
            }
            group.roots.add(root);
            group.size += root.remaining + 5;
            root.group = group;
        }
        return made;
    }

    private static @Nullable Group find(List<Group> open, @Nullable Block handler) {
        for (var group : open) if (group.handler == handler) return group;
        return null;
    }
}
