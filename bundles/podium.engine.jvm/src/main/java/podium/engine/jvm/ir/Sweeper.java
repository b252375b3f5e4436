package podium.engine.jvm.ir;

import podium.engine.jvm.wasm.Opcodes;

/// Removes assignments of what nobody reads.
final class Sweeper {

    /// What one round removes may have been the last that read something else.
    private static final int ROUNDS = 2;

    private final FunctionIr function;

    private Sweeper(FunctionIr function) {
        this.function = function;
    }

    /// The function is to be analysed anew.
    static void sweep(FunctionIr function) {
        var sweeper = new Sweeper(function);
        for (int i = 0; i < ROUNDS; i++) {
            var order = Graph.order(function);
            if (!Liveness.feasible(function)) throw new TooComplex("too many variables and blocks");
            Liveness.run(function, order);
            for (var block : order) sweeper.sweep(block);
            Graph.forget(function);
        }
    }

    private void sweep(Block block) {
        var live = new Bits(function.variables.length());
        for (var next : block.successors) live.addAll(next.live);
        for (var e : block.results) e.forEachRead(live::add);
        if (block.value != null) block.value.forEachRead(live::add);
        for (int i = block.statements.size() - 1; i >= 0; i--) {
            var e = block.statements.get(i);
            boolean set = e.op == Opcodes.LOCAL_SET;
            if (set && !live.contains(e.index) && isPure(e.a())) {
                block.statements.remove(i);
                block.cost -= e.cost;
                continue;
            }
            if (set) live.remove(e.index);
            e.forEachRead(live::add);
        }
    }

    /// Whether nobody notices that it is not evaluated. A load can trap.
    private static boolean isPure(Expr e) {
        return !e.effects && !e.traps && !e.assigns() && !e.any(part -> Opcodes.isLoad(part.op));
    }
}
