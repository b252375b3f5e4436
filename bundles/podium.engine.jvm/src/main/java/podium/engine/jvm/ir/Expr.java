package podium.engine.jvm.ir;

import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Types;

/// A tree of instructions whose intermediate values live on the Java operand stack. Evaluated left
/// to right; `op` is a
/// WebAssembly opcode or one of the constants here.
public final class Expr {

    /// Whether the exception `a` bears tag `index`.
    public static final int TAG_MATCHES = 0x1_0001;

    /// Value `index` of the exception `a`.
    public static final int PAYLOAD = 0x1_0002;

    /// A new exception of tag `index` with `args`.
    public static final int NEW_EXCEPTION = 0x1_0003;

    /// Result `index` of the call just made, of several; `imm` is its number among those of its
    /// kind.
    public static final int RESULT = 0x1_0004;

    /// The exception `a` as one that can be thrown; null traps.
    public static final int THROWABLE = 0x1_0005;

    /// The bytes of `a`, shifted left by `index` bits, or right by minus `index`, that the mask
    /// `imm`
    /// has.
    public static final int BYTES = 0x1_0006;

    /// Whether this is specialised code.
    public static final int SPECIALISED = 0x1_0007;

    /// Runs specialised code: `args` are the address in the program, the number of the code, and
    /// what it takes. Its results are left as those of a call are; the first one is 0 without such
    /// code.
    public static final int ENTER = 0x1_0008;

    /// The lesser of two signed integers.
    public static final int MINIMUM = 0x1_0009;

    /// The greater of two signed integers.
    public static final int MAXIMUM = 0x1_000a;

    /// A vector instruction on halves, with its code in the low bits: see `VectorOpcodes`.
    public static final int VECTOR = 0xfd000;

    public static final Expr[] NONE = {};

    public final int op;

    /// Type of the value, see `Types`; `V` for none.
    public final char type;

    /// The operands, for whoever walks the tree: null where the instruction has fewer. Whoever
    /// knows the instruction asks for [#a()] and the others.
    public @Nullable Expr a;

    public @Nullable Expr b;
    public @Nullable Expr c;
    public Expr[] args = NONE;

    /// A constant's bits, a memory offset, or the second of two indices.
    public long imm;

    /// Index of the variable, function, type, global, memory, ...
    public int index;

    /// Of an access to memory, whether one before proves that it cannot fail: see [Bounds].
    public boolean inBounds;

    /// Where the instruction is in the module's binary, if it can trap or call.
    public int position;

    /// Whether evaluation can do more than compute or trap: call, grow, synchronise.
    public boolean effects;

    /// Whether evaluation can trap for another reason than a memory's bounds.
    public boolean traps;

    /// Levels of the tree, so that whoever walks it recursively is bounded.
    public int depth = 1;

    /// Bytes of code, roughly.
    public int cost;

    public Expr(int op, char type) {
        this.op = op;
        this.type = type;
    }

    public static Expr constant(int op, char type, long bits) {
        var e = new Expr(op, type);
        e.imm = bits;
        return e.sealed();
    }

    /// What a local of a type starts with.
    public static Expr zero(char type) {
        return switch (type) {
            case 'I' -> constant(Opcodes.I32_CONST, type, 0);
            case 'J', 'L', 'H' -> constant(Opcodes.I64_CONST, type, 0);
            case 'F' -> constant(Opcodes.F32_CONST, type, 0);
            case 'D' -> constant(Opcodes.F64_CONST, type, 0);
            default -> constant(Opcodes.REF_NULL, type, 0);
        };
    }

    /// A 32-bit number.
    static Expr number(int value) {
        return constant(Opcodes.I32_CONST, 'I', value);
    }

    /// The assignment of a variable.
    static Expr set(int variable, Expr value) {
        return new Expr(Opcodes.LOCAL_SET, 'V').index(variable).operands(value).sealed();
    }

    /// The results of the call just made, of several.
    static Expr[] results(String types) {
        var counts = new int[128];
        var results = new Expr[types.length()];
        for (int i = 0; i < results.length; i++) {
            char type = types.charAt(i);
            int number = counts[Types.kind(type)]++;
            results[i] = new Expr(RESULT, type).index(i).imm(number).sealed();
        }
        return results;
    }

    public static Expr get(int variable, char type) {
        var e = new Expr(Opcodes.LOCAL_GET, type);
        e.index = variable;
        return e.sealed();
    }

    public Expr a() {
        return Objects.requireNonNull(a);
    }

    public Expr b() {
        return Objects.requireNonNull(b);
    }

    public Expr c() {
        return Objects.requireNonNull(c);
    }

    public Expr operands(Expr a) {
        this.a = a;
        return this;
    }

    public Expr operands(Expr a, Expr b) {
        this.b = b;
        return operands(a);
    }

    public Expr operands(Expr a, Expr b, Expr c) {
        this.c = c;
        return operands(a, b);
    }

    /// Up to three operands.
    Expr operands(Expr[] all) {
        if (all.length > 0) a = all[0];
        if (all.length > 1) b = all[1];
        if (all.length > 2) c = all[2];
        return this;
    }

    public Expr index(int index) {
        this.index = index;
        return this;
    }

    public Expr imm(long imm) {
        this.imm = imm;
        return this;
    }

    Expr position(int position) {
        this.position = position;
        return this;
    }

    public Expr args(Expr[] args) {
        this.args = args;
        return this;
    }

    /// Marks the tree as one whose evaluation has effects.
    public Expr effects() {
        effects = true;
        return this;
    }

    /// Completes the tree once its operands are set.
    public Expr sealed() {
        cost = Cost.of(this);
        traps = Opcodes.mayTrap(op);
        add(a);
        add(b);
        add(c);
        for (var e : args) add(e);
        return this;
    }

    private void add(@Nullable Expr operand) {
        if (operand == null) return;
        effects |= operand.effects;
        traps |= operand.traps;
        depth = Math.max(depth, operand.depth + 1);
        cost += operand.cost;
    }

    public boolean isConstant() {
        return op >= Opcodes.I32_CONST && op <= Opcodes.F64_CONST || op == Opcodes.REF_NULL;
    }

    /// The same tree as a value of another type with the same Java type.
    Expr as(char other) {
        if (type == other) return this;
        var copy = new Expr(op, other).index(index).imm(imm).args(args).position(position);
        copy.a = a;
        copy.b = b;
        copy.c = c;
        copy.sealed();
        copy.effects = effects;
        return copy;
    }

    public boolean isVector() {
        return op >> 12 == VECTOR >> 12;
    }

    public boolean isGet() {
        return op == Opcodes.LOCAL_GET;
    }

    /// A constant or variable: evaluated any time, in any number.
    public boolean isSimple() {
        return isGet() || isConstant();
    }

    /// Whether evaluating the tree assigns a variable.
    public boolean assigns() {
        return any(e -> e.op == Opcodes.LOCAL_TEE);
    }

    /// Whether something holds for any part of the tree.
    boolean any(Predicate<Expr> test) {
        if (test.test(this)) return true;
        for (var e : args) if (e.any(test)) return true;
        return a != null && a.any(test) || b != null && b.any(test) || c != null && c.any(test);
    }

    /// Tells the variables that the tree reads.
    void forEachRead(IntConsumer reader) {
        if (isGet()) reader.accept(index);
        for (var e : args) e.forEachRead(reader);
        if (a != null) a.forEachRead(reader);
        if (b != null) b.forEachRead(reader);
        if (c != null) c.forEachRead(reader);
    }
}
