package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Group;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.wasm.Types;

/// Emits the method of one region: its blocks in the program's order, then the stubs for branches
/// that leave it. A
/// group's method returns the number of the exit taken; variables that changed and are still wanted
/// pass through fields
/// of the State.
final class RegionEmitter {

    /// Parameter slots of a group's method beyond which variables pass through fields. C2 refuses
    /// methods with too many
    /// ("unsupported calling sequence").
    private static final int MAX_PARAMETER_SLOTS = 32;

    /// Cases that lead into groups, from which on a switch is divided.
    private static final int MIN_DIVIDED = 48;

    /// What a frame takes besides its variables, in bytes.
    private static final int FRAME_BASE = 160;

    private final Layout layout;
    private final Demands demands;
    private final Instrumentation instrumentation;
    private final FunctionIr function;
    private final Region region;
    private final CodeBuilder code;
    private final Frame frame;
    private final ExprEmitter expressions;
    private final Map<Block, Label> labels = new HashMap<>();
    private final Map<Block, Label> exits = new HashMap<>();
    private final Map<Block, Label> entries = new HashMap<>();
    private final Map<Group, Label> calls = new HashMap<>();
    private final Map<Block, Label> catches = new LinkedHashMap<>();
    private Label afterGroup;

    /// Methods that choose among groups.
    private final List<GroupSelector> selectors = new ArrayList<>();

    /// Stubs still to be emitted.
    private final ArrayDeque<Runnable> stubs = new ArrayDeque<>();

    private RegionEmitter(
            Layout layout,
            Demands demands,
            Instrumentation instrumentation,
            FunctionIr function,
            Region region,
            CodeBuilder code) {
        this.layout = layout;
        this.demands = demands;
        this.instrumentation = instrumentation;
        this.function = function;
        this.region = region;
        this.code = code;
        frame = new Frame(function);
        expressions = new ExprEmitter(code, layout, demands, frame);
    }

    /// Adds the methods of a function.
    static void emit(
            ClassBuilder type,
            Layout layout,
            Demands demands,
            Instrumentation instrumentation,
            FunctionIr function,
            Region main) {
        var pending = new ArrayDeque<Region>();
        pending.add(main);
        while (!pending.isEmpty()) {
            var region = pending.poll();
            var selectors = new ArrayList<GroupSelector>();
            type.withMethodBody(
                    name(layout, function, region.group),
                    descriptor(layout, function, region.group),
                    ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                    code -> {
                        selectors.clear(); // the class file API may start again
                        var emitter =
                                new RegionEmitter(
                                        layout, demands, instrumentation, function, region, code);
                        emitter.run();
                        selectors.addAll(emitter.selectors);
                    });
            for (var selector : selectors) selector.emit(type);
            for (var group : region.groups) pending.add(group.region);
        }
    }

    private static String name(Layout layout, FunctionIr function, Group group) {
        var name = layout.methodName(function.function);
        return group == null ? name : name + "~" + group.id;
    }

    private static MethodTypeDesc descriptor(Layout layout, FunctionIr function, Group group) {
        if (group == null) return layout.descriptor(function.signature);
        var parameters = new ArrayList<java.lang.constant.ClassDesc>();
        parameters.add(layout.state);
        var live = group.region.liveIn;
        for (int i = 0; i < passed(function, live); i++)
            parameters.add(Symbols.type(function.type(live[i])));
        parameters.add(CD_int);
        if (group.hasState()) parameters.add(CD_int);
        return MethodTypeDesc.of(CD_int, parameters);
    }

    /// How many of the live variables are parameters.
    private static int passed(FunctionIr function, int[] live) {
        int slots = 3;
        for (int i = 0; i < live.length; i++) {
            slots += Types.slots(function.type(live[i]));
            if (slots > MAX_PARAMETER_SLOTS) return i;
        }
        return live.length;
    }

    private void run() {
        prologue();
        for (int i = 0; i < region.blocks.size(); i++) {
            var next = i + 1 < region.blocks.size() ? region.blocks.get(i + 1) : null;
            block(region.blocks.get(i), next);
        }
        while (!stubs.isEmpty()) stubs.poll().run();
    }

    // ---- entry

    private void prologue() {
        var group = region.group;
        int fromFields = 0;
        if (group == null) {
            for (int i = 0; i < function.signature.parameters().length(); i++) frame.slot(i);
        } else {
            fromFields = passed(function, region.liveIn);
            for (int i = 0; i < fromFields; i++) frame.slot(region.liveIn[i]);
        }
        frame.stack = frame.allocate('I');
        int state = group != null && group.hasState() ? frame.allocate('I') : -1;
        if (group != null) {
            var fields = demands.sequence();
            for (int i = fromFields; i < region.liveIn.length; i++) {
                code.aload(Frame.STATE);
                fields.load(code, function.type(region.liveIn[i]));
                frame.store(code, region.liveIn[i]);
            }
        }
        if (region.calls || !region.groups.isEmpty()) checkStack();
        if (layout.module.hasMemory() && MemoryUse.in(region)) {
            frame.base = frame.allocate('J');
            code.aload(Frame.STATE);
            code.getfield(Symbols.STATE, "base", java.lang.constant.ConstantDescs.CD_long);
            code.lstore(frame.base);
        }
        for (var called : region.groups)
            if (called.hasState() && frame.groupState < 0) {
                frame.groupState = frame.allocate('I');
                code.iconst_0();
                code.istore(frame.groupState);
            }
        clear();
        if (group == null) {
            if (region.blocks.getFirst() != function.entry) code.goto_(target(function.entry));
        } else if (state >= 0) {
            enterByState(group, state);
        } else if (region.blocks.getFirst() != group.roots.getFirst()) {
            code.goto_(target(group.roots.getFirst()));
        }
    }

    /// Takes the frame off the budget; the slow path tells a stack overflow from an interrupt.
    private void checkStack() {
        int size = FRAME_BASE + 12 * Math.min(region.variables, 4_000);
        var enough = code.newLabel();
        code.iload(frame.stack);
        code.loadConstant(size);
        code.isub();
        code.dup();
        code.istore(frame.stack);
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "guard", CD_int);
        code.if_icmpge(enough);
        code.aload(Frame.STATE);
        code.iload(frame.stack);
        code.invokestatic(
                Symbols.CONTROL,
                "guard",
                MethodTypeDesc.of(Symbols.type('V'), Symbols.STATE, CD_int));
        code.labelBinding(enough);
    }

    /// Gives variables their initial zero, and a value to those that a stub hands to a group
    /// although the path to it does not
    /// need them.
    private void clear() {
        var wanted = new java.util.TreeSet<Integer>();
        if (region.group == null) for (int v : function.entry.live.toArray()) wanted.add(v);
        for (var group : region.groups) for (int v : group.region.liveIn) wanted.add(v);
        for (int v : wanted) {
            if (frame.has(v)) continue;
            switch (Types.kind(function.type(v))) {
                case 'I' -> code.iconst_0();
                case 'J' -> code.lconst_0();
                case 'F' -> code.fconst_0();
                case 'D' -> code.dconst_0();
                default -> code.aconst_null();
            }
            frame.store(code, v);
        }
    }

    private void enterByState(Group group, int state) {
        var states = new TreeMap<Integer, Block>();
        var dispatcher = group.dispatcher;
        if (dispatcher != null)
            for (int i = 0; i < dispatcher.successors.length - 1; i++)
                if (dispatcher.successors[i].group == group)
                    states.put(i, dispatcher.successors[i]);
        for (var root : group.roots) states.put(group.state(root), root);
        code.iload(state);
        switchOn(states, target(group.roots.getFirst()));
    }

    private void switchOn(TreeMap<Integer, Block> states, Label fallback) {
        var cases = new ArrayList<SwitchCase>();
        for (var e : states.entrySet()) cases.add(SwitchCase.of(e.getKey(), target(e.getValue())));
        int low = states.firstKey();
        int high = states.lastKey();
        if (high - low < 4 * states.size()) code.tableswitch(low, high, fallback, cases);
        else code.lookupswitch(fallback, cases);
    }

    // ---- blocks

    private void block(Block block, Block next) {
        code.labelBinding(label(block));
        if (instrumentation != null) instrumentation.count(code, function.function, block);
        var start = code.newBoundLabel();
        if (block.loopHeader) poll();
        for (var e : block.statements) expressions.eval(e);
        terminate(block, next);
        if (block.calls && catches(block.handler))
            code.exceptionCatch(
                    start, code.newBoundLabel(), catcher(block.handler), Symbols.GUEST_EXCEPTION);
    }

    private Label label(Block block) {
        return labels.computeIfAbsent(block, _ -> code.newLabel());
    }

    private void poll() {
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

    private void terminate(Block block, Block next) {
        var successors = block.successors;
        switch (block.terminator) {
            case GOTO -> {
                if (successors[0] != next) code.goto_(target(successors[0]));
            }
            case IF -> {
                if (successors[0] == next) {
                    expressions.branch(block.value, target(successors[1]), false);
                } else {
                    expressions.branch(block.value, target(successors[0]), true);
                    if (successors[1] != next) code.goto_(target(successors[1]));
                }
            }
            case SWITCH -> select(block);
            case RETURN -> returnResults(block.results);
            case THROW -> {
                expressions.eval(block.value);
                code.checkcast(Symbols.GUEST_EXCEPTION);
                code.athrow();
            }
            case UNREACHABLE -> {
                code.invokestatic(
                        Symbols.CONTROL,
                        "unreachable",
                        MethodTypeDesc.of(
                                java.lang.constant.ClassDesc.of("java.lang.RuntimeException")));
                code.athrow();
            }
        }
    }

    private void select(Block block) {
        expressions.eval(block.value);
        int last = block.successors.length - 1;
        if (last == 0) {
            code.pop();
            code.goto_(target(block.successors[0]));
            return;
        }
        if (dispatches(block)) {
            code.dup();
            code.istore(frame.groupState);
        }
        var direct = dispatched(block);
        if (direct.cases() >= MIN_DIVIDED) selectInTwoSteps(block, direct);
        else code.tableswitch(0, last - 1, target(block.successors[last]), cases(block, true));
    }

    /// The cases of a switch, those that lead into groups it dispatches to among them or not.
    private List<SwitchCase> cases(Block block, boolean all) {
        var cases = new ArrayList<SwitchCase>();
        for (int i = 0; i < block.successors.length - 1; i++) {
            var next = block.successors[i];
            if (!direct(block, next)) cases.add(SwitchCase.of(i, target(next)));
            else if (all) cases.add(SwitchCase.of(i, call(next.group)));
        }
        return cases;
    }

    private static boolean direct(Block block, Block next) {
        return next.group != null && next.group.dispatcher == block;
    }

    /// A switch of an interpreter has hundreds of cases, and each costs C1 registers. So the switch
    /// itself keeps those that stay in this method, and a method of its own tells for the others
    /// which group to call.
    private void selectInTwoSteps(Block block, GroupSelector direct) {
        var others = code.newLabel();
        code.tableswitch(0, block.successors.length - 2, others, cases(block, false));
        stubs.add(
                () -> {
                    code.labelBinding(others);
                    code.iload(frame.groupState);
                    direct.emitCall(code);
                    var calls = new ArrayList<SwitchCase>();
                    for (int i = 0; i < direct.groups().size(); i++)
                        calls.add(SwitchCase.of(i, call(direct.groups().get(i))));
                    int last = block.successors.length - 1;
                    code.tableswitch(0, calls.size() - 1, target(block.successors[last]), calls);
                });
        selectors.add(direct);
    }

    private GroupSelector dispatched(Block block) {
        var selector =
                new GroupSelector(
                        layout.codeClass(layout.classOf(function.function)),
                        name(layout, function, region.group) + "~" + selectors.size());
        for (int i = 0; i < block.successors.length - 1; i++)
            if (direct(block, block.successors[i])) selector.add(i, block.successors[i].group);
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
        // all are evaluated before the first is stored: evaluation may overwrite the fields
        for (var e : results) {
            code.aload(Frame.STATE);
            expressions.eval(e);
        }
        demands.sequence().storeAll(code, function.signature.results());
        if (region.group == null) code.return_();
        else code.iconst_0().ireturn();
    }

    /// What follows when a called group returned from the function.
    private void passReturn() {
        var results = function.signature.results();
        if (region.group != null) {
            code.iconst_0().ireturn();
        } else if (results.length() == 1) {
            char type = results.charAt(0);
            code.aload(Frame.STATE);
            demands.sequence().load(code, type);
            code.return_(Symbols.kind(type));
        } else {
            code.return_();
        }
    }

    // ---- branches

    /// Where to jump to get to a block: its label, or a stub that enters or leaves a group.
    private Label target(Block block) {
        if (block.region == region) return label(block);
        var group = block.group;
        if (group != null && group.parent == region) return entry(block);
        return exits.computeIfAbsent(
                block,
                _ -> {
                    var label = code.newLabel();
                    stubs.add(() -> exit(label, block));
                    return label;
                });
    }

    private Label entry(Block root) {
        var group = root.group;
        if (!group.hasState()) return call(group);
        return entries.computeIfAbsent(
                root,
                _ -> {
                    var label = code.newLabel();
                    stubs.add(
                            () -> {
                                code.labelBinding(label);
                                code.loadConstant(group.state(root));
                                code.istore(frame.groupState);
                                code.goto_(call(group));
                            });
                    return label;
                });
    }

    private void exit(Label label, Block block) {
        code.labelBinding(label);
        var fields = demands.sequence();
        for (int v : region.parent.handedOver(block)) {
            code.aload(Frame.STATE);
            frame.load(code, v);
            fields.store(code, function.type(v));
        }
        code.loadConstant(region.parent.groupExits.get(block));
        code.ireturn();
    }

    private Label call(Group group) {
        return calls.computeIfAbsent(
                group,
                _ -> {
                    var label = code.newLabel();
                    stubs.add(() -> emitCall(label, group));
                    return label;
                });
    }

    private void emitCall(Label label, Group group) {
        code.labelBinding(label);
        var live = group.region.liveIn;
        int passed = passed(function, live);
        var fields = demands.sequence();
        for (int i = passed; i < live.length; i++) {
            code.aload(Frame.STATE);
            frame.load(code, live[i]);
            fields.store(code, function.type(live[i]));
        }
        var start = code.newBoundLabel();
        code.aload(Frame.STATE);
        for (int i = 0; i < passed; i++) frame.load(code, live[i]);
        code.iload(frame.stack);
        if (group.hasState()) code.iload(frame.groupState);
        code.invokestatic(
                layout.codeClass(layout.classOf(function.function)),
                name(layout, function, group),
                descriptor(layout, function, group));
        if (catches(group.handler))
            code.exceptionCatch(
                    start, code.newBoundLabel(), catcher(group.handler), Symbols.GUEST_EXCEPTION);
        if (afterGroup == null) {
            afterGroup = code.newLabel();
            stubs.add(this::emitAfterGroup);
        }
        code.goto_(afterGroup);
    }

    /// Goes where a called group wants to, its exit's number on the stack.
    private void emitAfterGroup() {
        code.labelBinding(afterGroup);
        var targets = region.groupExits;
        var returned = code.newLabel();
        var cases = new ArrayList<SwitchCase>();
        var arms = new LinkedHashMap<Block, Label>();
        for (var e : targets.entrySet()) {
            var arm = code.newLabel();
            arms.put(e.getKey(), arm);
            cases.add(SwitchCase.of(e.getValue(), arm));
        }
        if (targets.isEmpty() || targets.size() == 1 && !region.groupReturns) code.pop();
        else code.tableswitch(1, targets.size(), returned, cases);
        if (targets.isEmpty() || targets.size() > 1 || region.groupReturns) {
            code.labelBinding(returned);
            passReturn();
        }
        for (var e : arms.entrySet()) {
            code.labelBinding(e.getValue());
            var fields = demands.sequence();
            for (int v : region.handedOver(e.getKey())) {
                code.aload(Frame.STATE);
                fields.load(code, function.type(v));
                frame.store(code, v);
            }
            code.goto_(target(e.getKey()));
        }
    }

    /// Whether exceptions for a handler are caught in this method; if not they pass to the caller's
    /// call, which catches them.
    private boolean catches(Block handler) {
        return handler != null && handler.region.within(region);
    }

    /// The label that takes a thrown exception off the stack and goes to the handler.
    private Label catcher(Block handler) {
        return catches.computeIfAbsent(
                handler,
                _ -> {
                    var label = code.newLabel();
                    stubs.add(
                            () -> {
                                code.labelBinding(label);
                                code.storeLocal(TypeKind.REFERENCE, frame.slot(handler.caught));
                                code.goto_(target(handler));
                            });
                    return label;
                });
    }
}
