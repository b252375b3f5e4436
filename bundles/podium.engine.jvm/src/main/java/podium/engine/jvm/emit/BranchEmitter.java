package podium.engine.jvm.emit;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Group;
import podium.engine.jvm.ir.Junction;
import podium.engine.jvm.ir.Region;

/// Emits the ways between blocks: within a method a jump, else a stub that calls a group or leaves
/// the method with the number of an exit.
final class BranchEmitter {

    private final RegionMethod method;
    private final FunctionIr function;
    private final Region region;
    private final CodeBuilder code;
    private final Frame frame;
    private final Map<Block, Label> labels = new HashMap<>();
    private final Map<Block, Label> exits = new HashMap<>();
    private final Map<Block, Label> entries = new HashMap<>();
    private final Map<Group, Label> calls = new HashMap<>();
    private final Map<Region, Label> leaves = new HashMap<>();
    private final Map<Block, Label> catches = new LinkedHashMap<>();

    /// Made with the first call of a group.
    private @Nullable Label afterGroup;

    /// Stubs still to be emitted.
    private final ArrayDeque<Runnable> stubs = new ArrayDeque<>();

    BranchEmitter(RegionMethod method) {
        this.method = method;
        function = method.function;
        region = method.region;
        code = method.code;
        frame = method.frame;
    }

    /// Emits something behind the blocks.
    void later(Runnable stub) {
        stubs.add(stub);
    }

    void emitStubs() {
        while (!stubs.isEmpty()) stubs.poll().run();
    }

    Label label(Block block) {
        return labels.computeIfAbsent(block, _ -> code.newLabel());
    }

    void switchOn(TreeMap<Integer, Block> states, Label fallback) {
        var cases = new ArrayList<SwitchCase>();
        for (var e : states.entrySet()) cases.add(SwitchCase.of(e.getKey(), target(e.getValue())));
        switchOn(cases, fallback);
    }

    /// Emits a switch in the form that takes less code. C2 makes the same of both.
    ///
    /// @param cases ascending
    void switchOn(List<SwitchCase> cases, Label fallback) {
        if (cases.isEmpty()) {
            code.pop();
            code.goto_(fallback);
            return;
        }
        int low = cases.getFirst().caseValue();
        int high = cases.getLast().caseValue();
        if (high - low < 2 * cases.size()) code.tableswitch(low, high, fallback, cases);
        else code.lookupswitch(fallback, cases);
    }

    /// Where to jump to get to a block: its label, or a stub that enters or leaves a group.
    Label target(Block block) {
        if (block.region == region) return label(block);
        var group = block.group;
        if (group != null && group.parent == region) return entry(group, block);
        return stub(exits, block, () -> exit(block));
    }

    /// The label of something that is emitted once, behind the blocks.
    private <K> Label stub(Map<K, Label> known, K key, Runnable body) {
        return known.computeIfAbsent(
                key,
                _ -> {
                    var label = code.newLabel();
                    stubs.add(
                            () -> {
                                code.labelBinding(label);
                                body.run();
                            });
                    return label;
                });
    }

    private Label entry(Group group, Block root) {
        if (!group.hasState()) return call(group);
        return stub(
                entries,
                root,
                () -> {
                    code.loadConstant(group.state(root));
                    code.istore(frame.groupState);
                    code.goto_(call(group));
                });
    }

    private void exit(Block block) {
        int number = region.caller().exit(block);
        var junction = region.caller().junction(block);
        if (junction != null) {
            code.loadConstant(number);
            code.goto_(leave(junction));
            return;
        }
        handOver(region.caller().handedOver(block));
        code.loadConstant(number);
        code.ireturn();
    }

    private void handOver(int[] variables) {
        var fields = method.demands.sequence();
        for (int v : variables) {
            code.aload(Frame.STATE);
            frame.load(code, v);
            fields.store(code, function.type(v));
        }
    }

    private void takeOver(int[] variables) {
        var fields = method.demands.sequence();
        for (int v : variables) {
            code.aload(Frame.STATE);
            fields.load(code, function.type(v));
            frame.store(code, v);
        }
    }

    /// The stub that leaves the method by one of the exits that the caller takes together, its
    /// number on the stack.
    Label leave(Junction junction) {
        return stub(
                leaves,
                junction.to(),
                () -> {
                    handOver(junction.handedOver());
                    code.ireturn();
                });
    }

    /// The stub that calls a group.
    Label call(Group group) {
        return stub(calls, group, () -> emitCall(group));
    }

    private void emitCall(Group group) {
        var live = group.region.liveIn;
        int passed = RegionMethod.passed(function, live);
        handOver(Arrays.copyOfRange(live, passed, live.length));
        var start = code.newBoundLabel();
        code.aload(Frame.STATE);
        for (int i = 0; i < passed; i++) frame.load(code, live[i]);
        code.iload(frame.stack);
        if (group.hasState()) code.iload(frame.groupState);
        if (function.shared() > 0) code.aload(frame.shared);
        var layout = method.layout;
        code.invokestatic(
                layout.home(function),
                RegionMethod.name(layout, method.demands, function, group),
                RegionMethod.descriptor(layout, function, group));
        catchFrom(start, group.handler);
        if (afterGroup == null) {
            afterGroup = code.newLabel();
            stubs.add(this::emitAfterGroup);
        }
        code.goto_(afterGroup);
    }

    /// Goes where a called group wants to, its exit's number on the stack.
    private void emitAfterGroup() {
        code.labelBinding(afterGroup);
        var junctions = List.copyOf(region.junctions.values());
        if (!junctions.isEmpty()) {
            code.dup();
            code.istore(frame.groupState);
        }
        var cases = new ArrayList<SwitchCase>();
        var arms = new LinkedHashMap<Block, Label>();
        for (var e : region.groupExits.entrySet()) {
            if (region.junction(e.getKey()) != null) continue;
            var arm = code.newLabel();
            arms.put(e.getKey(), arm);
            cases.add(SwitchCase.of(e.getValue(), arm));
        }
        boolean others = region.groupReturns || !junctions.isEmpty() || arms.size() != 1;
        var other = code.newLabel();
        if (arms.isEmpty() || !others) code.pop();
        else code.tableswitch(1, arms.size(), other, cases);
        if (others) {
            code.labelBinding(other);
            emitOthers(junctions);
        }
        for (var e : arms.entrySet()) {
            code.labelBinding(e.getValue());
            takeOver(region.handedOver(e.getKey()));
            code.goto_(target(e.getKey()));
        }
    }

    /// What follows when the number is of none of the exits that are taken alone.
    private void emitOthers(List<Junction> junctions) {
        if (junctions.isEmpty()) {
            passReturn();
            return;
        }
        if (region.groupReturns) {
            var on = code.newLabel();
            code.iload(frame.groupState);
            code.ifne(on);
            passReturn();
            code.labelBinding(on);
        }
        divide(junctions, Junction::base, this::join);
    }

    /// Finds out which of several things the number is of, in the order of their first numbers.
    private <T> void divide(List<T> all, ToIntFunction<T> first, Consumer<T> then) {
        int middle = all.size() / 2;
        if (middle == 0) {
            then.accept(all.getFirst());
            return;
        }
        var upper = code.newLabel();
        code.iload(frame.groupState);
        code.loadConstant(first.applyAsInt(all.get(middle)));
        code.if_icmpge(upper);
        divide(all.subList(0, middle), first, then);
        code.labelBinding(upper);
        divide(all.subList(middle, all.size()), first, then);
    }

    /// Takes an exit that leads into a group: calls that, or leaves for who does.
    private void join(Junction junction) {
        takeOver(junction.handedOver());
        if (junction.to() == region) {
            var groups = new ArrayList<>(region.groups);
            groups.removeIf(
                    group -> group.roots.stream().noneMatch(region.groupExits::containsKey));
            divide(groups, junction::number, group -> enter(junction, group));
            return;
        }
        var out = Objects.requireNonNull(region.caller().junctions.get(junction.to()));
        code.iload(frame.groupState);
        code.loadConstant(junction.base() - out.base());
        code.isub();
        code.goto_(leave(out));
    }

    private void enter(Junction junction, Group group) {
        if (group.hasState()) {
            code.iload(frame.groupState);
            code.loadConstant(junction.number(group) - group.firstState());
            code.isub();
            code.istore(frame.groupState);
        }
        code.goto_(call(group));
    }

    /// What follows when a called group returned from the function.
    private void passReturn() {
        var results = function.signature.results();
        if (region.group != null) {
            code.iconst_0().ireturn();
        } else if (results.length() == 1) {
            char type = results.charAt(0);
            code.aload(Frame.STATE);
            method.demands.sequence().load(code, type);
            code.return_(Symbols.kind(type));
        } else {
            code.return_();
        }
    }

    /// Lets a handler catch what the code from a label to here throws, unless that belongs to
    /// another method: then it passes to the caller's call, which catches it.
    void catchFrom(Label start, @Nullable Block handler) {
        if (handler == null || !handler.region.within(region)) return;
        code.exceptionCatch(start, code.newBoundLabel(), catcher(handler), Symbols.GUEST_EXCEPTION);
    }

    /// The label that takes a thrown exception off the stack and goes to the handler.
    private Label catcher(Block handler) {
        return stub(
                catches,
                handler,
                () -> {
                    code.storeLocal(TypeKind.REFERENCE, frame.slot(handler.caught));
                    code.goto_(target(handler));
                });
    }
}
