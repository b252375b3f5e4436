package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Double;
import static java.lang.constant.ConstantDescs.CD_Float;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.wasm.Types;

/// Where the variables are of a method under construction: in Java's, the State first, then
/// parameters, then others as they are met; or in an array.
final class Frame {

    static final int STATE = 0;

    private static final MethodTypeDesc INT_TO_FLOAT = MethodTypeDesc.of(CD_float, CD_int);
    private static final MethodTypeDesc FLOAT_TO_INT = MethodTypeDesc.of(CD_int, CD_float);
    private static final MethodTypeDesc LONG_TO_DOUBLE = MethodTypeDesc.of(CD_double, CD_long);
    private static final MethodTypeDesc DOUBLE_TO_LONG = MethodTypeDesc.of(CD_long, CD_double);

    private final FunctionIr function;
    private final int[] slots;

    /// The slots of copies, 0 where there is none, and the variables whose copies are read in their
    /// stead until they are assigned: see [Arms].
    private final int[] copies;

    private final BitSet copied = new BitSet();
    private int next = 1;

    /// What is left of the stack budget.
    int stack = -1;

    /// A copy of what is left of the slice of fuel, for loops.
    int fuel = -1;

    /// Base address of memory 0, if the method accesses it.
    int base = -1;

    /// The array of the variables that are shared, or -1 if none are.
    int shared = -1;

    /// The slot of each further memory's view; null if the method accesses none.
    private int @Nullable [] views;

    /// Number of the root at which the next group is entered.
    int groupState = -1;

    Frame(FunctionIr function) {
        this.function = function;
        slots = new int[function.variables.length()];
        copies = new int[slots.length];
        Arrays.fill(slots, -1);
    }

    int allocate(char type) {
        int slot = next;
        next += Types.slots(type);
        return slot;
    }

    int newView(int memory) {
        if (views == null || views.length <= memory)
            views = views == null ? new int[memory + 1] : Arrays.copyOf(views, memory + 1);
        return views[memory] = allocate('A');
    }

    int view(int memory) {
        return Objects.requireNonNull(views)[memory];
    }

    /// Whether a variable is in the array.
    boolean isShared(int variable) {
        return function.place(variable) >= 0;
    }

    /// Whether a variable has a place already.
    boolean has(int variable) {
        return slots[variable] >= 0 || isShared(variable);
    }

    int slot(int variable) {
        if (slots[variable] < 0) slots[variable] = allocate(function.type(variable));
        return slots[variable];
    }

    /// The slot of a 32-bit variable's copy.
    int copy(int variable) {
        if (copies[variable] == 0) copies[variable] = allocate('I');
        return copies[variable];
    }

    void useCopies(BitSet variables) {
        copied.or(variables);
    }

    void useNoCopies() {
        copied.clear();
    }

    void load(CodeBuilder code, int variable) {
        char type = function.type(variable);
        int place = function.place(variable);
        if (place < 0) {
            int slot = copied.get(variable) ? copies[variable] : slot(variable);
            code.loadLocal(Symbols.kind(type), slot);
            return;
        }
        code.aload(shared).loadConstant(place);
        code.laload();
        switch (Types.kind(type)) {
            case 'I' -> code.l2i();
            case 'F' -> code.l2i().invokestatic(CD_Float, "intBitsToFloat", INT_TO_FLOAT);
            case 'D' -> code.invokestatic(CD_Double, "longBitsToDouble", LONG_TO_DOUBLE);
            default -> {}
        }
    }

    /// Comes before the value that [#store] stores.
    void prepareStore(CodeBuilder code, int variable) {
        int place = function.place(variable);
        if (place >= 0) code.aload(shared).loadConstant(place);
    }

    void store(CodeBuilder code, int variable) {
        char type = function.type(variable);
        if (!isShared(variable)) {
            code.storeLocal(Symbols.kind(type), slot(variable));
            copied.clear(variable);
            return;
        }
        switch (Types.kind(type)) {
            case 'I' -> code.i2l();
            case 'F' -> code.invokestatic(CD_Float, "floatToRawIntBits", FLOAT_TO_INT).i2l();
            case 'D' -> code.invokestatic(CD_Double, "doubleToRawLongBits", DOUBLE_TO_LONG);
            default -> {}
        }
        code.lastore();
    }
}
