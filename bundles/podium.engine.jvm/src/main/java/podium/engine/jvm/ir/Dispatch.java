package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.List;

/// Finds how an interpreter's loop goes on with its next instruction: by little code that leads
/// over
/// the loop's beginning to a large switch.
public final class Dispatch {

    private static final int MAX_BLOCKS = 6;

    /// Code before the switch, in bytes.
    private static final int MAX_COST = 250;

    private final Region region;
    private final int cases;

    /// @param cases what a switch has at least that counts
    public Dispatch(Region region, int cases) {
        this.region = region;
        this.cases = cases;
    }

    /// The blocks from one to the switch, or none if it does not lead there. All but the last go to
    /// the next in the list, or elsewhere on a condition.
    public List<Block> from(Block block) {
        var way = new ArrayList<Block>();
        return search(block, way, 0, false) ? way : List.of();
    }

    private boolean search(Block block, List<Block> way, int cost, boolean begins) {
        if (block.region != region || block.calls && block.handler != null) return false;
        if (way.size() == MAX_BLOCKS || way.contains(block)) return false;
        way.add(block);
        begins |= block.loopHeader;
        boolean found =
                switch (block.terminator) {
                    case SWITCH ->
                            begins
                                    && block.successors.length > cases
                                    && cost + block.value().cost <= MAX_COST;
                    case GOTO, IF -> {
                        boolean any = false;
                        for (var next : block.successors)
                            any = any || search(next, way, cost + block.cost, begins);
                        yield any;
                    }
                    default -> false;
                };
        if (!found) way.removeLast();
        return found;
    }
}
