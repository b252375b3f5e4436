package podium.engine.jvm.emit;

import java.lang.classfile.CodeBuilder;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import podium.engine.jvm.wasm.Types;

/// What compiled methods want of the classes made last. First, the fields of the State class
/// through
/// which methods of one
/// function, or a function with several results and its caller, hand over values; they are read
/// right after they were
/// written, so all functions share them. Second, the methods for `call_indirect`. Thread-safe.
final class Demands {

    static final String KINDS = "IJFDA";

    private final Layout layout;
    private final TailTargets tails;
    private final Set<Long> indirect = new ConcurrentSkipListSet<>();
    private final AtomicIntegerArray used = new AtomicIntegerArray(KINDS.length());

    Demands(Layout layout, TailTargets tails) {
        this.layout = layout;
        this.tails = tails;
    }

    /// What tail calls lead to.
    TailTargets tails() {
        return tails;
    }

    /// Notes a `call_indirect` of a canonical type on a table.
    void indirect(int type, int table) {
        indirect.add((long) type << 32 | table);
    }

    /// All that were noted, type << 32 | table.
    Set<Long> indirect() {
        return indirect;
    }

    /// Fields of a kind that some method uses.
    int used(char kind) {
        return used.get(KINDS.indexOf(kind));
    }

    /// Numbers the fields of one hand-over.
    final class Sequence {
        private final int[] next = new int[KINDS.length()];

        private String take(char type) {
            int kind = KINDS.indexOf(Types.kind(type));
            int number = next[kind]++;
            used.accumulateAndGet(kind, number + 1, Math::max);
            return Layout.spillField(KINDS.charAt(kind), number);
        }

        /// Stores the value on the stack, below which lies the State.
        void store(CodeBuilder code, char type) {
            code.putfield(layout.state, take(type), Symbols.type(type));
        }

        /// Stores several values on the stack, each with the State below it.
        void storeAll(CodeBuilder code, String types) {
            var names = new String[types.length()];
            for (int i = 0; i < names.length; i++) names[i] = take(types.charAt(i));
            for (int i = names.length - 1; i >= 0; i--)
                code.putfield(layout.state, names[i], Symbols.type(types.charAt(i)));
        }

        /// Loads from the State on the stack.
        void load(CodeBuilder code, char type) {
            code.getfield(layout.state, take(type), Symbols.type(type));
        }
    }

    Sequence sequence() {
        return new Sequence();
    }
}
