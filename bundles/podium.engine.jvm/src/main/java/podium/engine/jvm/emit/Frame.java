package podium.engine.jvm.emit;

import java.lang.classfile.CodeBuilder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.wasm.Types;

/// The Java local variables of a method under construction: the State first, then parameters, then
/// others as they are
/// met.
final class Frame {

    static final int STATE = 0;

    private final FunctionIr function;
    private final int[] slots;
    private int next = 1;

    /// What is left of the stack budget.
    int stack = -1;

    /// A copy of what is left of the slice of fuel, for loops.
    int fuel = -1;

    /// Base address of memory 0, if the method accesses it.
    int base = -1;

    /// The slot of each further memory's view; null if the method accesses none.
    private int @Nullable [] views;

    /// Number of the root at which the next group is entered.
    int groupState = -1;

    Frame(FunctionIr function) {
        this.function = function;
        slots = new int[function.variables.length()];
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

    boolean has(int variable) {
        return slots[variable] >= 0;
    }

    int slot(int variable) {
        if (slots[variable] < 0) slots[variable] = allocate(function.type(variable));
        return slots[variable];
    }

    void load(CodeBuilder code, int variable) {
        code.loadLocal(Symbols.kind(function.type(variable)), slot(variable));
    }

    void store(CodeBuilder code, int variable) {
        code.storeLocal(Symbols.kind(function.type(variable)), slot(variable));
    }
}
