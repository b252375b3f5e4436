package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The blocks of a function that share a Java method.
public final class Region {

    /// The group this is the method of, or null for the function's main method.
    public final @Nullable Group group;

    /// The region that calls this one; null for the main method.
    public final @Nullable Region parent;

    /// Number of regions around it.
    final int depth;

    public final List<Block> blocks = new ArrayList<>();

    /// Groups called from here.
    public final List<Group> groups = new ArrayList<>();

    /// The roots of these.
    int ways;

    /// Blocks outside the called groups to which one of them can branch, with the number, from 1,
    /// that the group then
    /// returns; 0 says that the function returns.
    public final Map<Block, Integer> groupExits = new LinkedHashMap<>();

    /// The exits of these that are taken together, in the order of their numbers, which are greater
    /// than the others'.
    public final Map<Region, Junction> junctions = new LinkedHashMap<>();

    /// Whether a called group can return from the function.
    public boolean groupReturns;

    /// Variables assigned in called groups.
    @SuppressWarnings("NullAway.Init")
    public Bits groupDefines;

    /// Variables the method needs from its caller, ascending; empty for the main method.
    public int[] liveIn = {};

    /// Whether anything here or in called groups can call.
    public boolean calls;

    /// Variables used or assigned here, at most; for the size of the frame.
    public int variables;

    /// Bytes of code of the largest statement; for the size of the frame, too, as each operand that
    /// waits on the Java stack for the others has been put there by at least two.
    public int operands;

    @SuppressWarnings("NullAway.Init")
    Bits defines;

    /// Variables used, assigned, or given to or taken from other methods here.
    @SuppressWarnings("NullAway.Init")
    Bits mentioned;

    /// Branch targets outside, and whether the function can return from here.
    final Set<Block> exits = new LinkedHashSet<>();

    boolean returns;

    Region(@Nullable Group group, @Nullable Region parent) {
        this.group = group;
        this.parent = parent;
        depth = parent == null ? 0 : parent.depth + 1;
    }

    /// The region that calls this one, of a group.
    public Region caller() {
        return Objects.requireNonNull(parent);
    }

    /// Whether this region is `other` or called from it.
    public boolean within(Region other) {
        for (var r = this; r != null; r = r.parent) if (r == other) return true;
        return false;
    }

    /// The variables that a group called from here, or their caller, must hand over on a branch to
    /// a block.
    public int[] handedOver(Block target) {
        var junction = junction(target);
        return junction != null ? junction.handedOver() : Bits.common(target.live, groupDefines);
    }

    /// The number that a called group returns to branch to a block outside.
    public int exit(Block target) {
        return Objects.requireNonNull(groupExits.get(target));
    }

    /// Where an exit of a called group is taken together with others, or null.
    public @Nullable Junction junction(Block target) {
        var caller = callerFor(target);
        return caller == null ? null : junctions.get(caller);
    }

    /// The region that calls the group which control enters by a branch from here to a block; null
    /// if it enters none, as a group's beginning is near for what is in that group.
    @Nullable Region callerFor(Block target) {
        return target.group == null || within(target.region) ? null : target.group.parent;
    }

    /// The variables that may be wanted behind calls of groups, or handed over by one who has no
    /// value for them.
    public int[] wantedBehindGroups() {
        var live = new Bits(mentioned.words.length * Long.SIZE);
        for (var exit : groupExits.keySet()) live.addAll(exit.live);
        if (parent != null)
            for (var exit : exits) {
                var junction = parent.junction(exit);
                if (junction != null) for (int v : junction.handedOver()) live.add(v);
            }
        return Bits.common(live, mentioned);
    }
}
