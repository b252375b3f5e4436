package podium.engine.jvm.ir;

import java.util.Objects;

/// Where exits of called groups meet that lead into other groups, all of them called by one region:
/// this one or one further out. They are taken together. Their numbers follow each other as the
/// roots of those groups do, and they hand over the same variables, more than each alone would
/// need: what one of them has no use for may have any value.
///
/// An exit of its own takes a dozen bytes, and five for each variable, in each method that control
/// leaves on its way.
///
/// @param to the region that calls the groups
/// @param base the number of the exit to the first root of the first group
/// @param handedOver what the called groups hand over, ascending
public record Junction(Region to, int base, int[] handedOver) {

    /// From so many exits on.
    static final int LEAST = 4;

    /// The number of the exit to the first root of a group.
    public int number(Group group) {
        return base + group.firstWay;
    }

    /// The number of the exit to a root.
    int number(Block root) {
        var group = Objects.requireNonNull(root.group);
        return number(group) + group.roots.indexOf(root);
    }
}
