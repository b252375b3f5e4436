package podium.engine.jvm.emit;

import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.wasm.Opcodes;

/// Tells whether a method accesses memory, and so needs its base address.
final class MemoryUse {

    private MemoryUse() {}

    static boolean in(Region region) {
        for (var block : region.blocks) {
            for (var e : block.statements) if (in(e)) return true;
            for (var e : block.results) if (in(e)) return true;
            if (block.value != null && in(block.value)) return true;
        }
        return false;
    }

    private static boolean in(Expr e) {
        if (Opcodes.isLoad(e.op) || Opcodes.isStore(e.op) || e.op >> 8 == Opcodes.PREFIX_ATOMIC)
            return true;
        for (var arg : e.args) if (in(arg)) return true;
        return e.a != null && in(e.a) || e.b != null && in(e.b) || e.c != null && in(e.c);
    }
}
