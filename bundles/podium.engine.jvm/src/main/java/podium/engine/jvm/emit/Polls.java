package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Set;
import podium.engine.jvm.ir.Block;

/// Emits the look for interrupts where loops begin, of code that does not count fuel. It reads a
/// volatile field, behind which C2 knows of no other field what it was: the limits of memory are
/// read again, and compared with whatever was in bounds before.
///
/// So an innermost loop without calls looks where it begins, and in every 31st round: a variable is
/// doubled in each until it is negative. To C2 what looks is then a loop around one that does not.
/// A
/// variable that counts would do the same, but with one C2 unrolls the loop, whatever else is in
/// it: a sieve took half as long again.
final class Polls {

    private final CodeBuilder code;
    private final Frame frame;

    /// Innermost loops without calls, with one way back: several would have to meet in each round.
    private final Set<Block> innermost = new HashSet<>();

    private final Rounds rounds;

    /// The variable that is doubled.
    private int doubled = -1;

    Polls(RegionMethod method) {
        code = method.code;
        frame = method.frame;
        rounds = new Rounds(code);
        for (var block : method.region.blocks) {
            if (!block.loopHeader || block == method.function.entry || Rounds.waysBack(block) != 1)
                continue;
            var body = Rounds.body(block, method.region);
            if (!body.isEmpty() && Rounds.isInnermost(block, body)) innermost.add(block);
        }
    }

    /// At the start of a method.
    void start() {
        if (innermost.isEmpty()) return;
        doubled = frame.allocate('I');
        code.iconst_0();
        code.istore(doubled);
    }

    /// At the start of a loop.
    void begin(Block header, BranchEmitter branches) {
        var first = code.newBoundLabel();
        look();
        if (!innermost.contains(header)) return;
        code.iconst_1();
        code.istore(doubled);
        var body = code.newBoundLabel();
        rounds.add(header, branches, () -> goRound(first, body));
    }

    private void goRound(Label first, Label body) {
        code.iload(doubled);
        code.iconst_1();
        code.ishl();
        code.dup();
        code.istore(doubled);
        code.ifgt(body);
        code.goto_(first);
    }

    private void look() {
        var on = code.newLabel();
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "interrupted", CD_int);
        code.ifeq(on);
        code.aload(Frame.STATE);
        code.invokestatic(
                Symbols.CONTROL,
                "interrupted",
                MethodTypeDesc.of(Symbols.type('V'), Symbols.STATE));
        code.labelBinding(on);
    }

    /// Whether this is a way back that does not lead to where the loop begins.
    boolean goesRound(Block block, Block next) {
        return rounds.goesRound(block, next);
    }

    /// Where to jump to get from one block to another.
    Label way(Block block, Block next, BranchEmitter branches) {
        return goesRound(block, next) ? rounds.way(next) : branches.target(next);
    }
}
