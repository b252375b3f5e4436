package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.Set;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.Region;

/// Emits the look for interrupts where loops begin, of code that does not count fuel. It reads a
/// volatile field, behind which C2 knows of no other field what it was: the limit of memory is read
/// again, and compared again with what it was compared with before.
///
/// So an innermost loop without calls looks in every 31st round only, where it goes round: a
/// variable is doubled in each until it is negative. C2 makes two loops of the two ways back, and
/// the one it makes of the hot one does not look. With a variable that counts C2 would unroll that,
/// whatever else is in it: a sieve took half as long again. And with a loop around the loop in the
/// code C1 would run out of registers, twice as soon.
final class Polls {

    private final CodeBuilder code;
    private final Frame frame;
    private final Positions positions;

    /// Innermost loops without calls, with one way back: several would have to meet in each round.
    private final Set<Block> innermost = new HashSet<>();

    private final Rounds rounds;

    /// The variable that is doubled.
    private int doubled = -1;

    Polls(RegionMethod method) {
        code = method.code;
        frame = method.frame;
        positions = method.positions;
        rounds = new Rounds(code);
        if (method.meter != null) return; // fuel has loops of its own
        for (var block : method.region.blocks)
            if (block.loopHeader && block != method.function.entry && Rounds.waysBack(block) == 1)
                addLoop(block, method.region);
    }

    private void addLoop(Block header, Region region) {
        // all ways in that are not the way back must come from outside
        for (var p : header.predecessors)
            if (Rounds.isBack(p, header) != p.number >= header.number) return;
        var body = Rounds.body(header, region);
        if (!body.isEmpty() && Rounds.isInnermost(header, body)) innermost.add(header);
    }

    /// At the start of a method.
    void start() {
        if (innermost.isEmpty()) return;
        doubled = frame.allocate('I');
        start(0);
    }

    /// At the start of a loop.
    void begin(Block header, BranchEmitter branches) {
        if (!innermost.contains(header)) {
            look(code);
            return;
        }
        start(1);
        var body = code.newBoundLabel();
        rounds.add(header, branches, () -> goRound(header, body));
    }

    private void start(int value) {
        code.loadConstant(value);
        code.istore(doubled);
    }

    private void goRound(Block header, Label body) {
        code.iload(doubled);
        code.iconst_1();
        code.ishl();
        code.dup();
        code.istore(doubled);
        code.ifgt(body);
        positions.mark(code, header.start);
        look(code);
        start(1);
        code.goto_(body);
    }

    /// Emits one look.
    static void look(CodeBuilder code) {
        var on = code.newLabel();
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "interrupted", CD_int);
        code.ifeq(on);
        code.aload(Frame.STATE);
        code.invokestatic(
                Symbols.CONTROL, "interrupted", MethodTypeDesc.of(CD_void, Symbols.STATE));
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
