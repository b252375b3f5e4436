package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.util.TreeMap;
import java.util.TreeSet;
import podium.engine.jvm.ir.Block;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Group;
import podium.engine.jvm.ir.Region;
import podium.engine.jvm.wasm.Types;

/// Emits the start of a method: where its variables come from, the check of the stack, and the way
/// to
/// the first block.
final class PrologueEmitter {

    /// What a frame takes besides its variables and operands, in bytes.
    private static final int FRAME_BASE = 128;

    private final RegionMethod method;
    private final FunctionIr function;
    private final Region region;
    private final CodeBuilder code;
    private final Frame frame;
    private final BranchEmitter branches;

    PrologueEmitter(RegionMethod method, BranchEmitter branches) {
        this.method = method;
        this.branches = branches;
        function = method.function;
        region = method.region;
        code = method.code;
        frame = method.frame;
    }

    void emit() {
        var group = region.group;
        var variables = group == null ? parameters() : region.liveIn;
        int passed =
                group == null
                        ? CallingConvention.of(function.signature).passed()
                        : RegionMethod.passed(function, region.liveIn);
        if (RegionMethod.isEntrance(function, group)) {
            // The object itself is not wanted.
            code.aload(frame.allocate('A'));
            code.astore(Frame.STATE);
        }
        for (int i = 0; i < passed; i++) frame.slot(variables[i]);
        frame.stack = frame.allocate('I');
        int state = group != null && group.hasState() ? frame.allocate('I') : -1;
        if (function.shared() > 0) {
            frame.shared = frame.allocate('A');
            if (group == null) share(variables, passed);
        }
        fromFields(variables, passed);
        if (region.calls || !region.groups.isEmpty()) checkStack();
        if (method.meter != null) method.meter.start();
        else method.polls.start();
        bases();
        groupState();
        clear();
        if (group == null) start(function.entry);
        else if (state >= 0) enterByState(group, state);
        else start(group.roots.getFirst());
    }

    private int[] parameters() {
        var parameters = new int[function.signature.parameters().length()];
        for (int i = 0; i < parameters.length; i++) parameters[i] = i;
        return parameters;
    }

    /// Makes the array for variables, and puts those into it that are parameters.
    private void share(int[] variables, int passed) {
        code.loadConstant(function.shared()).newarray(TypeKind.LONG);
        code.astore(frame.shared);
        for (int i = 0; i < passed; i++) {
            int v = variables[i];
            if (!frame.isShared(v)) continue;
            frame.prepareStore(code, v);
            code.loadLocal(Symbols.kind(function.type(v)), frame.slot(v));
            frame.store(code, v);
        }
    }

    /// Takes the variables from an index on out of the fields their caller left them in.
    private void fromFields(int[] variables, int from) {
        var fields = method.demands.sequence();
        for (int i = from; i < variables.length; i++) {
            frame.prepareStore(code, variables[i]);
            code.aload(Frame.STATE);
            fields.load(code, function.type(variables[i]));
            frame.store(code, variables[i]);
        }
    }

    private void bases() {
        var memories = MemoryUse.in(region);
        if (memories.get(0)) {
            frame.base = frame.allocate('J');
            code.aload(Frame.STATE);
            code.getfield(Symbols.STATE, "base", CD_long);
            code.lstore(frame.base);
        }
        for (int i = memories.nextSetBit(1); i > 0; i = memories.nextSetBit(i + 1)) {
            code.aload(Frame.STATE);
            code.getfield(Symbols.STATE, "views", Symbols.MEMORY_VIEW.arrayType());
            code.loadConstant(i);
            code.aaload();
            code.astore(frame.newView(i));
        }
    }

    private void groupState() {
        boolean wanted = !region.junctions.isEmpty();
        for (var called : region.groups) wanted |= called.hasState();
        if (!wanted) return;
        frame.groupState = frame.allocate('I');
        code.iconst_0();
        code.istore(frame.groupState);
    }

    private void start(Block first) {
        if (region.blocks.getFirst() != first) code.goto_(branches.target(first));
    }

    /// Takes the frame off the budget, and the array, so that recursion cannot fill the heap; the
    /// slow path tells a stack overflow from an interrupt, and from a budget to be had anew.
    private void checkStack() {
        int size = FRAME_BASE + 12 * Math.min(region.variables, 4_000) + 4 * region.operands;
        if (region.group == null) size += Long.BYTES * function.shared();
        var enough = code.newLabel();
        method.positions.mark(code, function.entry.start);
        code.iload(frame.stack);
        code.loadConstant(size);
        code.isub();
        code.dup();
        code.istore(frame.stack);
        if (method.meter != null) {
            code.ifge(enough); // interrupts are looked for with fuel
        } else {
            code.aload(Frame.STATE);
            code.getfield(Symbols.STATE, "guard", CD_int);
            code.if_icmpge(enough);
        }
        code.aload(Frame.STATE);
        code.iload(frame.stack);
        code.invokestatic(
                Symbols.CONTROL, "guard", MethodTypeDesc.of(CD_int, Symbols.STATE, CD_int));
        code.istore(frame.stack);
        code.labelBinding(enough);
    }

    /// Gives variables their initial zero, and a value to those that a stub hands to a group
    /// although the path to it does not need them. Behind groups all their calls meet, so there the
    /// JVM sees no value in a variable that one of the paths has not set.
    private void clear() {
        var wanted = new TreeSet<Integer>();
        if (region.group == null) for (int v : function.entry.live.toArray()) wanted.add(v);
        for (var group : region.groups) for (int v : group.region.liveIn) wanted.add(v);
        for (int v : region.wantedBehindGroups()) wanted.add(v);
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
        if (region.caller().junctions.containsKey(region.caller()))
            for (int i = 0; i < group.roots.size(); i++)
                states.put(group.firstState() + i, group.roots.get(i));
        code.iload(state);
        branches.switchOn(states, branches.target(group.roots.getFirst()));
    }
}
