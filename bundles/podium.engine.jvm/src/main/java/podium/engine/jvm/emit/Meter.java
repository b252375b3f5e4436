package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.Block.Terminator;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Region;

/// Emits the counting of fuel: blocks take their weight off `GuestState.fuel`, what is left of the
/// instance's slice. It is looked at where a function begins, unless that does little, and where a
/// round of a loop does: less than nothing means that the next slice is due, or an interrupt. What
/// a function begins with was paid for by the call, so it may have to look only: see `Weights`.
///
/// A loop without calls keeps it in a variable: it is read before the loop and written behind. If
/// such a loop traps the field is not written, so up to a slice is not counted.
final class Meter {

    /// What an `iinc` takes.
    private static final int MAX_STEP = 32_767;

    private final Region region;
    private final CodeBuilder code;
    private final Frame frame;
    private final RegionMethod method;

    /// The function's first block, if this is its main method.
    private final Block entry;

    /// Blocks in which the variable is right, and not the field.
    private final Set<Block> copying = new HashSet<>();

    /// Ways out of them.
    private final Map<Block, Label> exits = new HashMap<>();

    /// Where loops of them begin that have none within.
    private final Set<Block> innermost = new HashSet<>();

    private final Rounds rounds;

    Meter(RegionMethod method) {
        this.method = method;
        region = method.region;
        code = method.code;
        frame = method.frame;
        rounds = new Rounds(code);
        entry = method.function.entry;
        for (var block : region.blocks) if (block.loopHeader) addLoop(block);
    }

    /// Adds what counting takes to the blocks' bytes of code, roughly.
    static void prepare(FunctionIr function) {
        for (var block : function.blocks) {
            block.cost += 4;
            if (block.loopHeader) block.cost += 32;
            if (block == function.entry)
                block.cost += 20 + 2 * function.signature.parameters().length();
        }
    }

    /// Makes the blocks of a loop copy, if it makes no calls and lies in this method whole.
    private void addLoop(Block header) {
        if (header == entry) return;
        for (var p : header.predecessors) {
            if (Rounds.isBack(p, header)) continue;
            if (p.region != region || p.terminator != Terminator.GOTO) return;
        }
        var body = Rounds.body(header, region);
        if (body.isEmpty()) return;
        for (var block : body) for (var next : block.successors) if (next.region != region) return;
        copying.addAll(body);
        if (Rounds.isInnermost(header, body)) innermost.add(header);
    }

    /// At the start of a method.
    void start() {
        if (copying.isEmpty()) return;
        frame.fuel = frame.allocate('I');
        code.iconst_0();
        code.istore(frame.fuel);
    }

    /// At the start of a block.
    void begin(Block block, BranchEmitter branches) {
        boolean enters = region.group == null && block == entry && method.function.looksForFuel;
        if (copying.contains(block)) {
            if (innermost.contains(block)) beginInnermost(block, branches);
            else if (block.loopHeader) beginRound(block);
            else if (block.weight > 0) takeOffCopy(block.weight);
        } else if (block.loopHeader || enters && !restarts()) {
            takeOffAndLook(block.weight);
        } else if (enters) {
            enter(block.weight);
        } else if (block.weight > 0) {
            takeOff(block.weight);
            code.pop();
        }
    }

    /// Whether the parameters are at hand for calling the function anew.
    private boolean restarts() {
        var function = method.function;
        return !CallingConvention.of(function.signature).usesFields()
                && function.shared() == 0
                && !method.demands.tails().makes(function.function);
    }

    /// Where the function begins. When the next slice is due, the function is called anew with it:
    /// going on behind a call would have C2 keep what is needed there on the stack.
    private void enter(int weight) {
        takeOff(weight);
        var on = code.newLabel();
        code.ifge(on);
        code.aload(Frame.STATE);
        code.loadConstant(weight);
        code.invokestatic(
                Symbols.CONTROL, "refuel", MethodTypeDesc.of(CD_void, Symbols.STATE, CD_int));
        method.positions.markAgain(code);
        code.aload(Frame.STATE);
        var signature = method.function.signature;
        DispatchEmitter.loadParameters(code, CallingConvention.of(signature).inMethod(), 1);
        code.iload(frame.stack);
        code.invokestatic(
                method.layout.owner(method.function.function),
                method.layout.methodName(method.function.function),
                method.layout.descriptor(signature));
        code.return_(Symbols.kind(Layout.resultType(signature)));
        code.labelBinding(on);
        method.positions.markNothing(code);
    }

    /// Before the terminator of a block.
    void end(Block block) {
        if (block.terminator != Terminator.GOTO || copying.contains(block)) return;
        if (copying.contains(block.successors[0])) read();
    }

    private void read() {
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "fuel", CD_int);
        code.istore(frame.fuel);
    }

    /// Whether the field is to be written between two blocks.
    boolean writesBetween(Block block, Block next) {
        return copying.contains(block) && !copying.contains(next);
    }

    /// Whether this is a way back in an innermost loop that copies.
    boolean goesRound(Block block, Block next) {
        return rounds.goesRound(block, next);
    }

    /// Where to jump to get from one block to another.
    Label way(Block block, Block next, BranchEmitter branches) {
        if (goesRound(block, next)) return rounds.way(next);
        if (!writesBetween(block, next)) return branches.target(next);
        return exits.computeIfAbsent(
                next,
                _ -> {
                    var label = code.newLabel();
                    branches.later(
                            () -> {
                                code.labelBinding(label);
                                write();
                                code.goto_(branches.target(next));
                            });
                    return label;
                });
    }

    private void takeOffCopy(int weight) {
        if (Math.abs(weight) <= MAX_STEP) {
            code.iinc(frame.fuel, -weight);
            return;
        }
        code.iload(frame.fuel);
        code.loadConstant(weight);
        code.isub();
        code.istore(frame.fuel);
    }

    void write() {
        code.aload(Frame.STATE);
        code.iload(frame.fuel);
        code.putfield(Symbols.STATE, "fuel", CD_int);
    }

    /// An innermost loop takes its first round's weight off where it begins, and looks where it
    /// goes round, all
    /// ways back. Where the next slice is due, it begins anew with it: to C2 that is a loop around
    /// this one, which then has no call, and goes round for as long as a variable that falls by a
    /// constant is not less than 0.
    private void beginInnermost(Block header, BranchEmitter branches) {
        var first = code.newBoundLabel();
        takeOffCopy(header.weight);
        var body = code.newBoundLabel();
        rounds.add(
                header,
                branches,
                () -> {
                    takeOffCopy(header.weight);
                    code.iload(frame.fuel);
                    code.ifge(body);
                    method.positions.mark(code, header.start);
                    nextSlice();
                    takeOffCopy(-header.weight);
                    code.goto_(first);
                });
    }

    /// Where a round of another loop begins. With the next slice it begins anew, too, but not where
    /// there are several ways back, which C2 would all take for loops of their own.
    private void beginRound(Block header) {
        int back = Rounds.waysBack(header);
        var again = code.newBoundLabel();
        takeOffCopy(header.weight);
        var on = code.newLabel();
        code.iload(frame.fuel);
        code.ifge(on);
        nextSlice();
        if (back == 1) {
            takeOffCopy(-header.weight);
            code.goto_(again);
        }
        code.labelBinding(on);
    }

    private void nextSlice() {
        write();
        refuel();
        read();
    }

    private void takeOffAndLook(int weight) {
        takeOff(weight);
        var on = code.newLabel();
        code.ifge(on);
        refuel();
        code.labelBinding(on);
    }

    /// Leaves what is left on the stack.
    private void takeOff(int weight) {
        code.aload(Frame.STATE);
        if (weight == 0) {
            code.getfield(Symbols.STATE, "fuel", CD_int);
            return;
        }
        code.dup();
        code.getfield(Symbols.STATE, "fuel", CD_int);
        code.loadConstant(weight);
        code.isub();
        code.dup_x1();
        code.putfield(Symbols.STATE, "fuel", CD_int);
    }

    private void refuel() {
        code.aload(Frame.STATE);
        code.invokestatic(Symbols.CONTROL, "refuel", MethodTypeDesc.of(CD_void, Symbols.STATE));
    }
}
