package podium.engine.jvm.ir;

import java.util.List;

/// Decides which blocks count fuel. Most are small, and counting in each would cost as much as what
/// they do; so a block pays for small ones that may follow it in the same round of the same loop,
/// and a call for what the function called begins with. Where control takes another way too much is
/// counted, but never more than [#ADVANCE] a count.
///
/// Depends on the function alone, not on how it is divided.
public final class Weights {

    /// What a call pays for the function called, whichever that is; so does the host when it calls.
    public static final int CALL = 8;

    /// What a block pays for others at most.
    private static final int ADVANCE = 32;

    /// What a function without calls takes without looking at what is left.
    private static final int LITTLE = 64;

    /// What each block pays for others, by number.
    private final int[] advance;

    /// The part of it that is for whichever of its arms control takes.
    private final int[] forArm;

    private Weights(int count) {
        advance = new int[count];
        forArm = new int[count];
    }

    /// @param order all blocks in reverse post-order, with their dominators
    static void collect(FunctionIr function, List<Block> order) {
        int all = 0;
        for (var block : order) all += block.weight;
        var weights = new Weights(order.size());
        for (int i = order.size() - 1; i > 0; i--) weights.payFor(order.get(i));
        for (var block : order.subList(1, order.size())) weights.takeOffPaid(block);
        var entry = function.entry;
        if (!entry.loopHeader) entry.weight -= Math.min(entry.weight, CALL);
        function.looksForFuel = function.calls || all > LITTLE;
    }

    private void payFor(Block block) {
        var payer = block.dominator;
        if (!follows(block, payer)) return;
        int paid = isArm(block) ? forArm[payer.number] : 0;
        int more = Math.max(0, block.weight - paid);
        if (advance[payer.number] + more > ADVANCE) return;
        advance[payer.number] += more;
        if (isArm(block)) forArm[payer.number] += more;
        payer.weight += more;
        block.weight = 0;
    }

    /// Of a block that pays for itself, what was paid for another arm in its stead.
    private void takeOffPaid(Block block) {
        if (follows(block, block.dominator) && isArm(block))
            block.weight -= Math.min(block.weight, forArm[block.dominator.number]);
    }

    /// Whether of this and others behind the same block one executes.
    private static boolean isArm(Block block) {
        return block.predecessors.size() == 1;
    }

    /// Calls take so long that counting does not, and pay much.
    private static boolean follows(Block block, Block payer) {
        return block.loop == payer.loop
                && !block.loopHeader
                && block.caught < 0
                && (!block.calls || payer.calls);
    }
}
