package podium.engine.jvm.ir;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.MemoryType;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.WasmModule;

/// Finds the accesses to memory 0 that cannot fail, because one that came before on every way
/// would have failed too, or because the address is within what the memory has from its start.
/// Memories never shrink.
///
/// What is known of a variable is an interval around its value that lies in the memory.
/// Assignments of sums with constants move it.
final class Bounds {

    /// Functions of more blocks are left as they are.
    private static final int MAX_BLOCKS = 100_000;

    /// Offsets further from a variable are not followed, so that sums of two fit into an `int`.
    private static final int MAX_OFFSET = 1 << 29;

    private final FunctionIr function;
    private final Facts[] behind;
    private final Loops loops;

    @SuppressWarnings("NullAway.Init")
    private Facts facts;

    private @Nullable Block block;

    private Bounds(FunctionIr function, List<Block> order) {
        this.function = function;
        behind = new Facts[order.size()];
        loops = new Loops(function, order);
    }

    /// @param order all blocks in reverse post-order, what they define being known
    static void run(FunctionIr function, List<Block> order) {
        if (function.memory == null || order.size() > MAX_BLOCKS) return;
        var bounds = new Bounds(function, order);
        for (var block : order) bounds.visit(block);
    }

    private void visit(Block block) {
        this.block = block;
        facts = before(block);
        for (var e : block.statements) visit(e);
        for (var e : block.results) visit(e);
        visit(block.value);
        behind[block.number] = facts;
    }

    /// What is known on all ways to a block.
    private Facts before(Block block) {
        @Nullable Facts met = null;
        for (var p : block.predecessors) {
            if (p.handler == block) return new Facts(wide());
            if (p.number >= block.number) continue;
            var known = behind[p.number];
            met = met == null ? known.copy() : met.meet(known);
        }
        if (met == null) return new Facts(wide());
        for (var p : block.predecessors)
            if (p.number >= block.number) return loops.keep(block, met) ? met : new Facts(wide());
        return met;
    }

    private boolean wide() {
        return !WasmModule.isNarrow(function.memory());
    }

    // ---- expressions, as they are evaluated

    private void visit(@Nullable Expr e) {
        if (e == null) return;
        if (Opcodes.isLoad(e.op) || Opcodes.isStore(e.op)) {
            visit(e.a);
            access(e);
            visit(e.b);
            return;
        }
        for (var arg : e.args) visit(arg);
        visit(e.a);
        visit(e.b);
        visit(e.c);
        if (e.op == Opcodes.LOCAL_SET || e.op == Opcodes.LOCAL_TEE) assign(e.index, e.a());
    }

    private void access(Expr e) {
        if (e.index != 0) return;
        int width = 1 << Opcodes.accessLog2(e.op);
        long end = e.imm + width;
        boolean known = false;
        var address = Sum.of(e.a());
        if (end > MAX_OFFSET) return;
        if (e.a().op == Opcodes.I32_CONST) {
            known =
                    (e.a().imm & 0xffffffffL) + end
                            <= function.memory().minimum() * (long) MemoryType.PAGE;
        } else if (address != null) {
            int from = address.constant;
            int to = from + (int) end;
            known = facts.cover(address.variable, from, to);
            if (!known) facts.add(address.variable, from, to);
        }
        if (known && !e.inBounds) block().cost -= Cost.CHECK;
        e.inBounds = known;
    }

    private Block block() {
        return Objects.requireNonNull(block);
    }

    private void assign(int variable, Expr value) {
        var sum = Sum.of(value);
        if (sum == null) facts.remove(variable);
        else facts.move(sum.variable, variable, sum.constant);
    }

    /// A variable and a constant that is added to it.
    private record Sum(int variable, int constant) {

        static @Nullable Sum of(Expr e) {
            if (e.op == Opcodes.LOCAL_GET || e.op == Opcodes.LOCAL_TEE) return new Sum(e.index, 0);
            if (e.op != Opcodes.I32_ADD || e.b().op != Opcodes.I32_CONST) return null;
            var sum = of(e.a());
            if (sum == null) return null;
            long constant = sum.constant + (long) (int) e.b().imm;
            return Math.abs(constant) > MAX_OFFSET ? null : new Sum(sum.variable, (int) constant);
        }
    }

    // ---- loops

    /// What the blocks of each loop define.
    private static final class Loops {

        private final Bits[] defined;

        Loops(FunctionIr function, List<Block> order) {
            defined = new Bits[order.size()];
            for (var block : order.reversed()) {
                if (block.loop == null) continue;
                defines(function, block.loop).addAll(block.defines);
                // inner loops begin behind outer ones
                if (block.loop == block && block.outerLoop != null)
                    defines(function, block.outerLoop).addAll(defines(function, block));
            }
        }

        private Bits defines(FunctionIr function, Block loop) {
            var bits = defined[loop.number];
            if (bits == null) defined[loop.number] = bits = new Bits(function.variables.length());
            return bits;
        }

        /// Takes from what is known before a loop what does not hold throughout it.
        ///
        /// @return false if the block is not known as the beginning of one
        boolean keep(Block block, Facts known) {
            if (block.loop != block) return false;
            known.removeAll(defined[block.number]);
            return true;
        }
    }
}
