package podium.engine.jvm.emit;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Group;
import podium.engine.jvm.ir.Region;

/// Emits the method of one region: its blocks in the program's order, then the stubs for branches
/// that leave it. A group's method returns the number of the exit taken; variables that changed and
/// are still wanted pass through fields of the State.
final class RegionEmitter {

    /// Cases that lead into groups, from which on a switch is divided.
    private static final int MIN_DIVIDED = 48;

    private final Layout layout;
    private final Demands demands;
    private final @Nullable Instrumentation instrumentation;
    private final @Nullable Meter meter;
    private final Polls polls;
    private final FunctionIr function;
    private final Region region;
    private final CodeBuilder code;
    private final Frame frame;
    private final ExprEmitter expressions;
    private final BranchEmitter branches;
    private final PrologueEmitter prologue;
    private final Positions positions;
    private final Arms arms;

    /// Methods that choose among groups.
    private final List<GroupSelector> selectors = new ArrayList<>();

    private RegionEmitter(RegionMethod method, @Nullable Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
        meter = method.meter;
        polls = method.polls;
        layout = method.layout;
        demands = method.demands;
        function = method.function;
        region = method.region;
        code = method.code;
        frame = method.frame;
        expressions = method.expressions;
        positions = method.positions;
        branches = new BranchEmitter(method);
        prologue = new PrologueEmitter(method, branches);
        arms = new Arms(method);
    }

    /// Adds the methods of a function.
    static void emit(
            ClassBuilder type,
            Layout layout,
            Demands demands,
            ModuleCompiler.Options options,
            Positions positions,
            FunctionIr function,
            Region main) {
        if (!function.specialised && demands.tails().makes(function.function))
            TailEmitter.wrapper(type, layout, demands, function);
        var pending = new ArrayDeque<Region>();
        pending.add(main);
        while (!pending.isEmpty()) {
            var region = pending.poll();
            var selectors = new ArrayList<GroupSelector>();
            type.withMethodBody(
                    RegionMethod.name(layout, demands, function, region.group),
                    RegionMethod.descriptor(layout, function, region.group),
                    RegionMethod.flags(function, region.group),
                    code -> {
                        selectors.clear(); // the class file API may start again
                        var method =
                                new RegionMethod(
                                        layout,
                                        demands,
                                        function,
                                        region,
                                        code,
                                        positions,
                                        options.metered());
                        var emitter = new RegionEmitter(method, options.instrumentation());
                        emitter.run();
                        selectors.addAll(emitter.selectors);
                    });
            for (var selector : selectors) selector.emit(type);
            for (var group : region.groups) pending.add(group.region);
        }
    }

    private void run() {
        prologue.emit();
        for (int i = 0; i < region.blocks.size(); i++) {
            var next = i + 1 < region.blocks.size() ? region.blocks.get(i + 1) : null;
            block(region.blocks.get(i), next);
        }
        branches.emitStubs();
    }

    // ---- blocks

    private void block(Block block, @Nullable Block next) {
        code.labelBinding(branches.label(block));
        if (block.loopHeader || meter != null && block == function.entry)
            positions.mark(code, block.start);
        var start = code.newBoundLabel();
        if (meter != null) meter.begin(block, branches);
        else if (block.loopHeader) polls.begin(block, branches);
        if (instrumentation != null) instrumentation.count(code, function.function, block);
        arms.begin(block);
        for (var e : block.statements) expressions.eval(e);
        if (meter != null) meter.end(block);
        terminate(block, next);
        arms.end();
        if (block.calls) branches.catchFrom(start, block.handler);
    }

    private void terminate(Block block, @Nullable Block next) {
        var successors = block.successors;
        switch (block.terminator) {
            case GOTO -> goOn(block, successors[0], next);
            case IF -> {
                boolean first = successors[0] == next;
                branch(block, successors[first ? 1 : 0], !first);
                goOn(block, successors[first ? 0 : 1], next);
            }
            case SWITCH -> select(block);
            case RETURN -> returnResults(block.results);
            case TAIL_CALL -> {
                TailEmitter.leave(code, layout, demands, expressions, block.value());
                returnNothing();
            }
            case THROW -> {
                expressions.eval(block.value());
                code.checkcast(Symbols.GUEST_EXCEPTION);
                code.athrow();
            }
            case UNREACHABLE -> {
                positions.mark(code, block.end);
                code.invokestatic(
                        Symbols.CONTROL,
                        "unreachable",
                        MethodTypeDesc.of(ClassDesc.of("java.lang.RuntimeException")));
                code.athrow();
            }
        }
    }

    private void branch(Block block, Block taken, boolean sense) {
        // With fuel, loops around comparisons of ints are better as they are: a quarter, in a sort.
        boolean ints = meter == null;
        if (taken.region != region
                || taken.order > block.order
                || goesRound(block, taken)
                || !ExprEmitter.compares(block.value(), ints)) {
            expressions.branch(block.value(), way(block, taken), sense);
            return;
        }
        // A loop goes round by a goto. At a branch HotSpot would keep what it compares, the result
        // of an lcmp for example, for the case that it has to stop there.
        var on = code.newLabel();
        expressions.branch(block.value(), on, !sense);
        code.goto_(way(block, taken));
        code.labelBinding(on);
    }

    /// Where to jump to get from one block to another.
    private Label way(Block block, Block to) {
        return meter == null ? polls.way(block, to, branches) : meter.way(block, to, branches);
    }

    /// Whether that is code for the rounds of a loop.
    private boolean goesRound(Block block, Block to) {
        return meter == null ? polls.goesRound(block, to) : meter.goesRound(block, to);
    }

    /// Goes from one block to another, if not by doing nothing.
    private void goOn(Block block, Block to, @Nullable Block next) {
        if (to != next) code.goto_(way(block, to));
        else if (meter != null && meter.writesBetween(block, to)) meter.write();
    }

    private void select(Block block) {
        expressions.eval(block.value());
        int last = block.successors.length - 1;
        if (last == 0) {
            code.pop();
            code.goto_(way(block, block.successors[0]));
            return;
        }
        if (dispatches(block)) {
            code.dup();
            code.istore(frame.groupState);
        }
        var direct = dispatched(block);
        var leaving = meter == null ? ExitTable.of(region, block) : null;
        if (direct.cases() >= MIN_DIVIDED) selectInTwoSteps(block, direct);
        else if (leaving != null) selectAndLeave(block, leaving);
        else branches.switchOn(cases(block, true), way(block, block.successors[last]));
    }

    /// The switch itself keeps the cases by which control does not leave.
    private void selectAndLeave(Block block, ExitTable leaving) {
        int selector = frame.allocate('I');
        code.dup();
        code.istore(selector);
        var cases = cases(block, true);
        cases.removeIf(one -> leaving.has(one.caseValue()));
        var others = code.newLabel();
        branches.switchOn(cases, others);
        code.labelBinding(others);
        var fallback = block.successors[block.successors.length - 1];
        leaving.emit(code, selector, branches.leave(leaving.junction()), way(block, fallback));
    }

    /// The cases of a switch, those that lead into groups it dispatches to among them or not.
    private List<SwitchCase> cases(Block block, boolean all) {
        var cases = new ArrayList<SwitchCase>();
        for (int i = 0; i < block.successors.length - 1; i++) {
            var next = block.successors[i];
            var group = dispatched(block, next);
            if (group == null) cases.add(SwitchCase.of(i, way(block, next)));
            else if (all) cases.add(SwitchCase.of(i, branches.call(group)));
        }
        return cases;
    }

    /// The group that a switch dispatches to for a case, or null.
    private static @Nullable Group dispatched(Block block, Block next) {
        var group = next.group;
        return group != null && group.dispatcher == block ? group : null;
    }

    /// A switch of an interpreter has hundreds of cases, and each costs C1 registers. So the switch
    /// itself keeps those that stay in this method, and a method of its own tells for the others
    /// which group to call.
    private void selectInTwoSteps(Block block, GroupSelector direct) {
        var others = code.newLabel();
        branches.switchOn(cases(block, false), others);
        branches.later(
                () -> {
                    code.labelBinding(others);
                    code.iload(frame.groupState);
                    direct.emitCall(code);
                    var calls = new ArrayList<SwitchCase>();
                    for (int i = 0; i < direct.groups().size(); i++)
                        calls.add(SwitchCase.of(i, branches.call(direct.groups().get(i))));
                    int last = block.successors.length - 1;
                    code.tableswitch(
                            0, calls.size() - 1, way(block, block.successors[last]), calls);
                });
        selectors.add(direct);
    }

    private GroupSelector dispatched(Block block) {
        var selector =
                new GroupSelector(
                        layout.home(function),
                        RegionMethod.name(layout, demands, function, region.group)
                                + "~"
                                + selectors.size());
        for (int i = 0; i < block.successors.length - 1; i++) {
            var group = dispatched(block, block.successors[i]);
            if (group != null) selector.add(i, group);
        }
        return selector;
    }

    private boolean dispatches(Block block) {
        for (var group : region.groups) if (group.dispatcher == block) return true;
        return false;
    }

    // ---- results

    private void returnResults(Expr[] results) {
        if (region.group == null && results.length == 1) {
            expressions.eval(results[0]);
            code.return_(Symbols.kind(results[0].type));
            return;
        }
        // specialised code may give the first ones only; all are evaluated before one is stored:
        // evaluation may overwrite the fields
        for (var e : results) {
            code.aload(Frame.STATE);
            expressions.eval(e);
        }
        var types = function.signature.results();
        demands.sequence().storeAll(code, types.substring(0, results.length));
        if (region.group == null) code.return_();
        else code.iconst_0().ireturn();
    }

    /// Returns where the result does not count.
    private void returnNothing() {
        char type = region.group == null ? Layout.resultType(function.signature) : 'I';
        if (type != 'V') expressions.eval(Expr.zero(type));
        code.return_(Symbols.kind(type));
    }
}
