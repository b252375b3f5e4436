package podium.engine.jvm.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Types;

/// Chooses variables that are not variables of Java but elements of an array, which all methods of
/// a
/// divided function share: those that are wanted in several of them. Each access takes more code
/// and
/// time; but in functions with hundreds of variables, the methods would otherwise be full of the
/// code that passes variables between them.
final class Sharing {

    private Sharing() {}

    /// @param order the blocks, each in its region
    /// @return null if no variable crosses regions
    static @Nullable Bits choose(FunctionIr function, List<Block> order) {
        var chosen = new Bits(function.variables.length());
        for (var block : order) {
            for (var next : block.successors) cross(block, next, chosen);
            if (block.handler != null) cross(block, block.handler, chosen);
        }
        for (int v : chosen.toArray()) if (Types.kind(function.type(v)) == 'A') chosen.remove(v);
        return chosen.size() == 0 ? null : chosen;
    }

    private static void cross(Block from, Block to, Bits chosen) {
        if (from.region != to.region) chosen.addAll(to.live);
    }
}
