package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Signature;

/// A function that interprets programs and says where it is in them (docs/write-an-interpreter.md):
/// its blocks, what is live in each, and how it and specialised code give over to one another.
///
/// Specialised code takes the variables that are live where it is entered. It ends in one of two
/// ways, which its first result tells: the function returns, its results being the next ones; or
/// the interpreter has to choose what an instruction does, with the variables that are live there
/// as last results.
///
/// Not changed by [Specialiser], so one serves for many programs.
public final class Interpreter {

    private static final int LEFT = 1;
    private static final int RETURNED = 2;

    private static final int MAX_CHAIN = 16;

    final FunctionIr function;

    /// Where it chooses what the next instruction does.
    final Block dispatch;

    /// Where specialised code may be entered, and the block behind.
    private final Block gate;

    final Block entrance;

    /// The variable with the address at the dispatch, and those that it comes from at the beginning
    /// of the loop around that.
    final Set<Integer> sources;

    /// What each loop assigns.
    private final Map<Block, Set<Integer>> assigned = new HashMap<>();

    private Interpreter(FunctionIr function, Block dispatch, Block gate) {
        this.function = function;
        this.dispatch = dispatch;
        this.gate = gate;
        entrance = gate.successors[0];
        Liveness.run(function, Graph.order(function));
        sources = findSources();
        for (var block : function.blocks)
            for (var loop = block.loop; loop != null; loop = loop.outerLoop)
                assigned.computeIfAbsent(loop, _ -> new TreeSet<>()).addAll(defined(block));
    }

    private static Set<Integer> defined(Block block) {
        var defined = new TreeSet<Integer>();
        for (int v : block.defines().toArray()) defined.add(v);
        return defined;
    }

    /// The interpreter that a function is; null if it is none, or one of a kind that is not
    /// specialised.
    public static @Nullable Interpreter of(FunctionIr function) {
        @Nullable Block dispatch = null;
        @Nullable Block gate = null;
        for (var block : function.blocks) {
            if (block.dispatched >= 0) {
                if (dispatch != null) return null;
                dispatch = block;
            }
            if (block.entered >= 0) {
                if (gate != null) return null;
                gate = block;
            }
        }
        if (dispatch == null || gate == null || !isPlain(function)) return null;
        return Liveness.feasible(function) ? new Interpreter(function, dispatch, gate) : null;
    }

    private static boolean isPlain(FunctionIr function) {
        for (var block : function.blocks)
            if (block.handler != null
                    || block.terminator == Terminator.THROW
                    || block.terminator == Terminator.TAIL_CALL) return false;
        return true;
    }

    /// The blocks from the beginning of the loop around the dispatch to that, which is cut off
    /// them; none if there are others on the way.
    private List<Block> chain() {
        var chain = new ArrayList<Block>();
        for (var b = dispatch.loop; b != null && b != dispatch; b = b.successors[0]) {
            chain.add(b);
            if (b.terminator != Terminator.GOTO || chain.size() > MAX_CHAIN) return List.of();
        }
        return chain;
    }

    private Set<Integer> findSources() {
        var all = new TreeSet<Integer>(Set.of(dispatch.dispatched));
        var wanted = new TreeSet<Integer>(all);
        for (var b : chain().reversed())
            for (var e : b.statements.reversed())
                if (e.op == Opcodes.LOCAL_SET && wanted.remove(e.index))
                    e.a().forEachRead(wanted::add);
        all.addAll(wanted);
        return all;
    }

    /// Whether a loop that a block begins is one over instructions: the dispatch is in it.
    boolean isOverInstructions(Block block) {
        return isIn(block, dispatch);
    }

    Set<Integer> assignedIn(Block loop) {
        return assigned.getOrDefault(loop, Set.of());
    }

    /// The variable behind the gate with the address of the next instruction.
    int address() {
        return gate.entered;
    }

    // ---- specialised code

    /// The variables that it takes.
    int[] taken() {
        return entrance.live.toArray();
    }

    /// Of specialised code.
    public Signature signature() {
        return new Signature(
                types(taken()),
                "I" + function.signature.results() + types(dispatch.live.toArray()));
    }

    private String types(int[] variables) {
        var types = new StringBuilder();
        for (int v : variables) types.append(function.type(v));
        return types.toString();
    }

    /// What it gives when the function returns some results. The rest is not looked at.
    static Expr[] returned(Expr[] results) {
        var all = new Expr[1 + results.length];
        all[0] = Expr.number(RETURNED);
        System.arraycopy(results, 0, all, 1, results.length);
        return all;
    }

    /// What it gives when the interpreter has to go on.
    ///
    /// @param shift what is added to the number of each variable
    Expr[] left(int shift) {
        var all = new ArrayList<Expr>();
        all.add(Expr.number(LEFT));
        for (char type : function.signature.results().toCharArray()) all.add(Expr.zero(type));
        for (int v : dispatch.live.toArray()) all.add(Expr.get(v + shift, function.type(v)));
        return all.toArray(Expr.NONE);
    }

    // ---- the function itself

    /// Opens the gate: has the function go on in specialised code, where there is some. It is to be
    /// analysed anew then, and nothing of this to be used any more.
    public void open() {
        // a training run is too short for code, which then is what executes
        for (var p : gate.predecessors) gate.count = Math.max(gate.count, p.count);
        var args = new ArrayList<Expr>();
        args.add(Expr.get(gate.entered, 'I'));
        args.add(Expr.get(gate.enteredCode, 'I'));
        for (int v : taken()) args.add(Expr.get(v, function.type(v)));
        var enter = new Expr(Expr.ENTER, 'V').index(function.function);
        gate.add(enter.args(args.toArray(Expr.NONE)).effects().sealed());
        var results = results(signature().results());
        int first = 1 + function.signature.results().length();
        var left = newBlock();
        left.loop = gate.loop;
        int i = first;
        for (int v : dispatch.live.toArray()) left.add(Expr.set(v, results[i++]));
        left.finish(Terminator.GOTO, null, dispatch);
        var returned = newBlock();
        returned.count = gate.count;
        returned.finish(Arrays.copyOfRange(results, 1, first));
        gate.finish(Terminator.SWITCH, results[0], entrance, left, returned, entrance);
        beginLoopAtDispatch();
        function.opened = true;
        Graph.forget(function);
    }

    /// Who comes from specialised code comes to the dispatch, and a loop with two beginnings would
    /// dominate nothing, so that no method could hold it. So it begins at the dispatch, and who
    /// came to its beginning from outside comes through a copy of what was before.
    private void beginLoopAtDispatch() {
        var chain = chain();
        if (chain.isEmpty() || !chain.stream().allMatch(Interpreter::moves)) return;
        var before = chain.getFirst();
        var copy = newBlock();
        for (var b : chain) for (var e : b.statements) copy.add(Expr.set(e.index, e.a()));
        copy.finish(Terminator.GOTO, null, dispatch);
        copy.loop = before.outerLoop;
        for (var b : before.predecessors) {
            if (isIn(before, b)) continue;
            copy.count += b.count;
            Arrays.asList(b.successors).replaceAll(next -> next == before ? copy : next);
        }
        for (var b : chain) b.count = Math.max(0, b.count - copy.count);
        moveLoop(before);
    }

    private void moveLoop(Block before) {
        dispatch.loopHeader = before.loopHeader;
        before.loopHeader = false;
        dispatch.outerLoop = before.outerLoop;
        dispatch.loops = before.loops;
        for (var b : function.blocks) {
            if (b.loop == before) b.loop = dispatch;
            if (b.outerLoop == before) b.outerLoop = dispatch;
        }
        before.outerLoop = null;
    }

    private static boolean isIn(Block loop, Block block) {
        for (var l = block.loop; l != null; l = l.outerLoop) if (l == loop) return true;
        return false;
    }

    /// Whether all it does is to assign variables what others hold, so that copies share nothing.
    private static boolean moves(Block block) {
        return block.statements.stream()
                .allMatch(e -> e.op == Opcodes.LOCAL_SET && e.a().isSimple());
    }

    /// Takes the results into variables, at once: whatever comes next may use the fields where they
    /// were left.
    private Expr[] results(String types) {
        var results = Expr.results(types);
        for (int i = 0; i < results.length; i++) {
            char type = types.charAt(i);
            int variable = function.variables.length();
            function.variables.append(type);
            gate.add(Expr.set(variable, results[i]));
            results[i] = Expr.get(variable, type);
        }
        return results;
    }

    private Block newBlock() {
        var block = new Block();
        block.order = function.blocks.getLast().order + 1;
        function.blocks.add(block);
        return block;
    }
}
