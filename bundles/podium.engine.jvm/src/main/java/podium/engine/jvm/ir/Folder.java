package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;
import podium.engine.jvm.wasm.Opcodes;

/// A block whose trees are copied, and evaluated what can be: variables that are known, and what
/// lies in the program.
final class Folder {

    private final Program program;

    /// What is added to the number of each variable.
    private final int shift;

    private final Block block;

    /// Variables whose values are known behind the block; null where none shall be.
    final @Nullable Map<Integer, Integer> known;

    /// The copies of what the block has.
    final List<Expr> statements = new ArrayList<>();

    @Nullable Expr value;
    final Expr[] results;

    /// Variables that the tree so far reads, not knowing them, or assigns.
    private final Set<Integer> met = new HashSet<>();

    /// @param known of variables where the block begins
    Folder(Program program, int shift, Block block, @Nullable Map<Integer, Integer> known) {
        this.program = program;
        this.shift = shift;
        this.block = block;
        this.known = known == null ? null : new HashMap<>(known);
        results = new Expr[block.results.length];
        fold(block);
    }

    private void fold(Block block) {
        for (var e : block.statements) {
            var copy = tree(e);
            if (!copy.isSimple()) statements.add(copy);
        }
        if (block.value != null) value = tree(block.value);
        for (int i = 0; i < results.length; i++) results[i] = tree(block.results[i]);
    }

    private Expr tree(Expr e) {
        met.clear();
        return fold(e);
    }

    /// The successor that control goes to, if that is known; else null.
    @Nullable Block chosen() {
        var successors = block.successors;
        if (block.terminator == Terminator.GOTO) return successors[0];
        if (value == null || !isInt(value)) return null;
        int chosen = (int) value.imm;
        if (block.terminator == Terminator.IF) return successors[chosen != 0 ? 0 : 1];
        int last = successors.length - 1;
        return successors[Integer.compareUnsigned(chosen, last) < 0 ? chosen : last];
    }

    private Expr fold(Expr e) {
        if (e.op == Opcodes.LOCAL_GET) return get(e);
        if (e.op == Expr.SPECIALISED) return Expr.number(1);
        var args = e.args.length == 0 ? Expr.NONE : new Expr[e.args.length];
        for (int i = 0; i < args.length; i++) args[i] = fold(e.args[i]);
        var a = e.a == null ? null : fold(e.a);
        var b = e.b == null ? null : fold(e.b);
        var c = e.c == null ? null : fold(e.c);
        if (a != null && (e.op == Opcodes.LOCAL_SET || e.op == Opcodes.LOCAL_TEE))
            return assign(e, a);
        if (e.op == Opcodes.SELECT && isInt(c)) {
            boolean first = Objects.requireNonNull(c).imm != 0;
            var other = Objects.requireNonNull(first ? b : a);
            if (!other.effects && !other.traps && !other.assigns())
                return Objects.requireNonNull(first ? a : b);
        }
        var value = compute(e, a, b);
        return value != null ? Expr.number(value) : copy(e, args, a, b, c);
    }

    private static boolean isInt(@Nullable Expr e) {
        return e != null && e.op == Opcodes.I32_CONST;
    }

    private Expr get(Expr e) {
        var value = known == null ? null : known.get(e.index);
        if (value != null) return Expr.number(value);
        met.add(e.index);
        return Expr.get(e.index + shift, e.type);
    }

    /// A variable that is known is assigned all the same: where that is no longer of interest, code
    /// reads it. Out of a tree such an assignment comes before it, unless something left of it
    /// reads what the variable was, or assigns it.
    private Expr assign(Expr e, Expr value) {
        var copy = copy(e, Expr.NONE, value, null, null);
        if (known == null) return copy;
        if (isInt(value)) known.put(e.index, (int) value.imm);
        else known.remove(e.index);
        if (!isInt(value) || e.op == Opcodes.LOCAL_SET || met.contains(e.index)) {
            met.add(e.index);
            return copy;
        }
        statements.add(Expr.set(e.index + shift, value));
        return value;
    }

    private Expr copy(Expr e, Expr[] args, @Nullable Expr a, @Nullable Expr b, @Nullable Expr c) {
        boolean local = e.op == Opcodes.LOCAL_SET || e.op == Opcodes.LOCAL_TEE;
        var copy = new Expr(e.op, e.type).index(local ? e.index + shift : e.index).imm(e.imm);
        copy.args(args).position(e.position);
        copy.a = a;
        copy.b = b;
        copy.c = c;
        copy.effects = e.effects;
        return copy.sealed();
    }

    private @Nullable Integer compute(Expr e, @Nullable Expr a, @Nullable Expr b) {
        if (a == null || !isInt(a) || b != null && !isInt(b)) return null;
        int x = (int) a.imm;
        if (Opcodes.isLoad(e.op)) return program.load(e, x);
        return b == null ? Arithmetic.unary(e.op, x) : Arithmetic.binary(e.op, x, (int) b.imm);
    }
}
