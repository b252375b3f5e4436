package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.Types;

/// What compiled methods want of the classes around them. First, the fields of the State class
/// through which methods of one function, or a function with several results and its caller, hand
/// over values; they are read right after they were written, so all functions share them. Where
/// that is not enough the values go to a `Spill`. Second, the methods for `call_indirect`.
/// Thread-safe.
final class Demands {

    static final String KINDS = "IJFDA";

    /// Fields of a kind at most. A State class made before the functions are compiled has so many.
    static final int FIELDS = 256;

    private final Layout layout;
    private final TailTargets tails;
    private final Set<Long> indirect = new TreeSet<>();
    private final AtomicIntegerArray used = new AtomicIntegerArray(KINDS.length());

    Demands(Layout layout, CallTargets targets) {
        this.layout = layout;
        tails = new TailTargets(layout, targets);
        for (long pair : targets.indirect())
            indirect.add((long) layout.canonicalType((int) (pair >> 32)) << 32 | (int) pair);
    }

    /// Writes how many fields are in use. What is compiled meanwhile may be counted or not.
    void writeTo(DataOutput out) throws IOException {
        for (int i = 0; i < used.length(); i++) out.writeInt(used.get(i));
    }

    /// Counts the fields that methods use which were compiled another time.
    void readFrom(DataInput in) throws IOException {
        for (int i = 0; i < used.length(); i++)
            used.accumulateAndGet(i, Math.clamp(in.readInt(), 0, FIELDS), Math::max);
    }

    /// What tail calls lead to.
    TailTargets tails() {
        return tails;
    }

    /// Canonical types and tables of indirect calls, type << 32 | table.
    Set<Long> indirect() {
        return indirect;
    }

    /// Fields of a kind that the methods compiled so far use.
    int used(char kind) {
        return used.get(KINDS.indexOf(kind));
    }

    /// Stores the value on the stack, below which lies the State, as one of those handed over.
    ///
    /// @param number among those of its kind
    private void store(CodeBuilder code, char type, int number) {
        char kind = Types.kind(type);
        var javaType = Symbols.type(type);
        if (isField(kind, number)) {
            code.putfield(layout.state, Layout.spillField(kind, number), javaType);
            return;
        }
        code.loadConstant(place(kind, number));
        code.invokestatic(
                Symbols.SPILL,
                "put" + kind,
                MethodTypeDesc.of(CD_void, Symbols.STATE, javaType, CD_int));
    }

    /// Loads one of the values handed over from the State on the stack.
    void load(CodeBuilder code, char type, int number) {
        char kind = Types.kind(type);
        var javaType = Symbols.type(type);
        if (isField(kind, number)) {
            code.getfield(layout.state, Layout.spillField(kind, number), javaType);
            return;
        }
        code.loadConstant(place(kind, number));
        code.invokestatic(
                Symbols.SPILL, "get" + kind, MethodTypeDesc.of(javaType, Symbols.STATE, CD_int));
    }

    private boolean isField(char kind, int number) {
        if (number >= FIELDS) return false;
        used.accumulateAndGet(KINDS.indexOf(kind), number + 1, Math::max);
        return true;
    }

    /// Where a `Spill` has a value: kinds take turns, as they share its array.
    private static int place(char kind, int number) {
        return (number - FIELDS) * KINDS.length() + KINDS.indexOf(kind);
    }

    /// Numbers the values of one hand-over.
    final class Sequence {
        private final int[] next = new int[KINDS.length()];

        private int take(char type) {
            return next[KINDS.indexOf(Types.kind(type))]++;
        }

        /// Stores the value on the stack, below which lies the State.
        void store(CodeBuilder code, char type) {
            Demands.this.store(code, type, take(type));
        }

        /// Stores several values on the stack, each with the State below it.
        void storeAll(CodeBuilder code, String types) {
            var numbers = new int[types.length()];
            for (int i = 0; i < numbers.length; i++) numbers[i] = take(types.charAt(i));
            for (int i = numbers.length - 1; i >= 0; i--)
                Demands.this.store(code, types.charAt(i), numbers[i]);
        }

        /// Loads from the State on the stack.
        void load(CodeBuilder code, char type) {
            Demands.this.load(code, type, take(type));
        }
    }

    Sequence sequence() {
        return new Sequence();
    }
}
