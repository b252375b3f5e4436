package podium.engine.jvm.emit;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.wasm.Opcodes;

/// Tells which memories a method accesses, and so needs the base addresses of.
final class MemoryUse {

    private MemoryUse() {}

    static BitSet in(Region region) {
        var memories = new BitSet();
        for (var block : region.blocks) {
            for (var e : block.statements) add(e, memories);
            for (var e : block.results) add(e, memories);
            add(block.value, memories);
        }
        return memories;
    }

    private static void add(@Nullable Expr e, BitSet memories) {
        if (e == null) return;
        if (Opcodes.isLoad(e.op) || Opcodes.isStore(e.op) || e.op >> 8 == Opcodes.PREFIX_ATOMIC)
            memories.set(e.index);
        for (var arg : e.args) add(arg, memories);
        add(e.a, memories);
        add(e.b, memories);
        add(e.c, memories);
    }
}
