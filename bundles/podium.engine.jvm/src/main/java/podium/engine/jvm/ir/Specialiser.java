package podium.engine.jvm.ir;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;

/// Specialises an interpreter for a program: the first Futamura projection. Where the address of an
/// instruction is known, so is the instruction; what is left is what it does, and which is next.
///
/// Each block is copied for each set of known variables it is reached with. At the dispatch only
/// the address counts, and what it comes from, so there are no more copies of it than addresses.
/// From blocks that no next
/// instruction can be reached from with its address known, such as those that handle exceptions,
/// there is one copy, in which nothing is known; where that comes to a dispatch, the interpreter
/// goes on.
public final class Specialiser {

    /// Blocks beyond which compiling takes too long.
    private static final int MAX_BLOCKS = 8_000;

    /// Blocks looked at to find out whether it is worth knowing something.
    private static final int MAX_LOOKED_AT = 2_000;

    /// How often a block is counted that executes whenever its instruction does.
    private static final int ALWAYS = 1 << 20;

    private final Interpreter interpreter;
    private final Program program;
    private final FunctionIr result;

    /// The first variables are the parameters.
    private final int shift;

    private final Map<Context, Block> copies = new HashMap<>();
    private final ArrayDeque<Context> pending = new ArrayDeque<>();

    /// By context, not by block and variables: what a call returns may go to the next instruction,
    /// and what one in the tail of a function does may not.
    private final Map<Context, Boolean> rejoins = new HashMap<>();

    /// Of each copy how often the training run executed its instruction; 0 if that is not known.
    private final Map<Block, Long> wholes = new HashMap<>();

    private @Nullable Block exit;

    /// A block, and what is known of variables live there; nothing is where that is null.
    private record Context(Block block, @Nullable Map<Integer, Integer> known) {}

    private Specialiser(Interpreter interpreter, Program program) {
        this.interpreter = interpreter;
        this.program = program;
        var source = interpreter.function;
        var taken = interpreter.taken();
        var signature = interpreter.signature();
        shift = taken.length;
        result = new FunctionIr(source.function, signature, signature.parameters());
        result.variables.append(source.variables);
        result.memory = source.memory;
        result.specialised = true;
        result.counted = source.counted;
        add(result.entry);
        result.entry.count = ALWAYS;
        for (int i = 0; i < taken.length; i++) {
            var parameter = Expr.get(i, source.type(taken[i]));
            result.entry.add(Expr.set(taken[i] + shift, parameter));
        }
    }

    /// @param entry address in the program at which it is entered
    /// @return a function of the type that the interpreter says
    /// @throws TooComplex it becomes too large
    public static FunctionIr specialise(Interpreter interpreter, Program program, int entry) {
        return new Specialiser(interpreter, program).run(entry);
    }

    private FunctionIr run(int entry) {
        var known = Map.of(interpreter.address(), entry);
        var first = copy(new Context(interpreter.entrance, known), 0);
        result.entry.finish(Terminator.GOTO, null, first);
        while (!pending.isEmpty()) fill(pending.poll());
        Sweeper.sweep(result);
        Graph.markLoops(result);
        return result;
    }

    // ---- copies

    private void add(Block block) {
        if (result.blocks.size() >= MAX_BLOCKS)
            throw new TooComplex("more than " + MAX_BLOCKS + " blocks");
        block.order = result.blocks.size();
        result.blocks.add(block);
    }

    /// The copy of a block.
    ///
    /// @param whole how often the training run executed the instruction that it belongs to
    private Block copy(Context context, long whole) {
        var known = copies.get(context);
        if (known != null) return known;
        var block = new Block();
        var source = context.block;
        add(block);
        block.start = source.start;
        block.end = source.end;
        block.count =
                whole <= 0 ? ALWAYS : (long) (Math.min(1, (double) source.count / whole) * ALWAYS);
        // of a loop over instructions only those rounds are loops that the program makes
        block.loopHeader = source.loopHeader && !interpreter.isOverInstructions(source);
        copies.put(context, block);
        wholes.put(block, whole);
        pending.add(context);
        return block;
    }

    private void fill(Context context) {
        var block = Objects.requireNonNull(copies.get(context));
        var folder = new Folder(program, shift, context.block, context.known);
        for (var e : folder.statements) block.add(e);
        switch (context.block.terminator) {
            case GOTO, IF, SWITCH -> branch(block, context.block, folder);
            case RETURN -> block.finish(Interpreter.returned(folder.results));
            default -> block.finish(Terminator.UNREACHABLE, null);
        }
    }

    private void branch(Block block, Block source, Folder folder) {
        long whole = Objects.requireNonNull(wholes.get(block));
        var chosen = folder.chosen();
        if (chosen != null) {
            // which instruction it is was decided by a switch
            if (source.terminator == Terminator.SWITCH) whole = chosen.count;
            block.finish(Terminator.GOTO, null, target(chosen, folder, whole));
            return;
        }
        var targets = new HashMap<Block, Block>();
        var successors = new Block[source.successors.length];
        for (int i = 0; i < successors.length; i++) {
            var next = source.successors[i];
            var target = targets.get(next);
            if (target == null) targets.put(next, target = target(next, folder, whole));
            successors[i] = target;
        }
        block.finish(source.terminator, folder.value, successors);
    }

    /// Where the interpreter goes on.
    private Block exit() {
        if (exit != null) return exit;
        exit = new Block();
        add(exit);
        exit.finish(interpreter.left(shift));
        return exit;
    }

    // ---- what is worth knowing

    /// The copy that a block's copy leads to.
    private Block target(Block next, Folder folder, long whole) {
        var known = folder.known;
        if (next == interpreter.dispatch) {
            if (known == null || address(known) == null) return exit();
            return copy(new Context(next, wanted(next, known)), whole);
        }
        var wanted = known == null ? Map.<Integer, Integer>of() : wanted(next, known);
        boolean worth = !wanted.isEmpty() && rejoins(new Context(next, wanted));
        return copy(new Context(next, worth ? wanted : null), whole);
    }

    /// The address at the dispatch, if it is known and in the program.
    private @Nullable Integer address(Map<Integer, Integer> known) {
        var address = known.get(interpreter.dispatch.dispatched);
        return address != null && program.contains(address) ? address : null;
    }

    private Map<Integer, Integer> wanted(Block next, Map<Integer, Integer> known) {
        var wanted = new TreeMap<Integer, Integer>();
        for (var e : known.entrySet())
            if (next.live.contains(e.getKey())) wanted.put(e.getKey(), e.getValue());
        if (next == interpreter.dispatch.loop || next == interpreter.dispatch)
            wanted.keySet().retainAll(interpreter.sources);
        else if (next.loopHeader && !interpreter.isOverInstructions(next))
            wanted.keySet().removeAll(interpreter.assignedIn(next));
        return wanted;
    }

    /// Whether a next instruction can be reached from a block with its address known.
    private boolean rejoins(Context context) {
        var before = rejoins.get(context);
        if (before != null) return before;
        boolean found = search(context);
        rejoins.put(context, found);
        return found;
    }

    private boolean search(Context first) {
        var seen = new HashSet<Context>();
        var pending = new ArrayDeque<Context>();
        seen.add(first);
        pending.add(first);
        while (!pending.isEmpty()) {
            var context = pending.poll();
            var folder = new Folder(program, shift, context.block, context.known);
            var known = Objects.requireNonNull(folder.known);
            var chosen = folder.chosen();
            var successors = chosen != null ? List.of(chosen) : List.of(context.block.successors);
            for (var next : new LinkedHashSet<>(successors)) {
                if (next == interpreter.dispatch) {
                    if (address(known) != null) return true;
                    continue;
                }
                var more = new Context(next, wanted(next, known));
                if (more.known == null || more.known.isEmpty()) continue;
                if (seen.size() < MAX_LOOKED_AT && seen.add(more)) pending.add(more);
            }
        }
        return false;
    }
}
