package podium.engine.jvm.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Opcodes;

/// Finds the variables live on entry of each block. An exception can leave a block anywhere, so
/// what its handler needs
/// is live throughout it.
final class Liveness {

    /// Bits in all sets of a function together; beyond it the analysis would take too long.
    private static final long MAX_BITS = 1L << 28;

    /// Words looked at beyond which a function is given up.
    private static final long MAX_WORK = 1L << 33;

    private Liveness() {}

    /// Whether a function is small enough for [#run].
    static boolean feasible(FunctionIr function) {
        return (long) function.blocks.size() * function.variables.length() <= MAX_BITS;
    }

    static void run(FunctionIr function, List<Block> order) {
        int variables = function.variables.length();
        for (var block : order) {
            block.uses = new Bits(variables);
            block.defines = new Bits(variables);
            for (var e : block.statements) scan(e, block);
            for (var e : block.results) scan(e, block);
            scan(block.value, block);
            block.live = block.uses.copy();
        }
        propagate(order);
    }

    private static void scan(@Nullable Expr e, Block block) {
        if (e == null) return;
        for (var arg : e.args) scan(arg, block);
        scan(e.a, block);
        scan(e.b, block);
        scan(e.c, block);
        switch (e.op) {
            case Opcodes.LOCAL_GET -> {
                if (!block.defines.contains(e.index)) block.uses.add(e.index);
            }
            case Opcodes.LOCAL_SET, Opcodes.LOCAL_TEE -> block.defines.add(e.index);
            default -> {}
        }
    }

    /// Work list in post-order: a block is looked at again when what is live in a successor grew.
    private static void propagate(List<Block> order) {
        var pending = new java.util.BitSet(order.size());
        pending.set(0, order.size());
        long work = 0;
        for (int i = order.size() - 1; i >= 0; i = pending.previousSetBit(order.size() - 1)) {
            pending.clear(i);
            var block = order.get(i);
            work += (block.successors.length + 2L) * block.live.words.length;
            if (work > MAX_WORK) throw new TooComplex("too many variables in loops");
            if (!grow(block)) continue;
            for (var p : block.predecessors) pending.set(p.number);
        }
    }

    private static boolean grow(Block block) {
        var live = block.live.words;
        boolean changed = false;
        var handler = block.handler;
        for (int w = 0; w < live.length; w++) {
            long out = 0;
            for (var next : block.successors) out |= next.live.words[w];
            long in = live[w] | block.uses.words[w] | out & ~block.defines.words[w];
            if (handler != null) {
                long thrown = handler.live.words[w];
                if (handler.caught >> 6 == w) thrown &= ~(1L << handler.caught);
                in |= thrown;
            }
            changed |= in != live[w];
            live[w] = in;
        }
        return changed;
    }
}
