package podium.engine.v8.wasm;

import java.util.List;

/// Has guests count fuel: a global of the module's is what is left of its slice. Pieces of code
/// take
/// their weight off it; functions, rounds of loops and what works on stretches of memory look
/// whether it is below zero, and then call for the next slice. The function they call is a value
/// of a global, too, since an import would number all others anew.
final class Metering {

    private static final int UNREACHABLE = 0x00;
    private static final int IF = 0x04;
    private static final int END = 0x0b;
    private static final int NO_RESULT = 0x40;
    private static final int CALL_REF = 0x14;
    private static final int SELECT = 0x1b;
    private static final int GLOBAL_GET = 0x23;
    private static final int GLOBAL_SET = 0x24;
    private static final int I32_CONST = 0x41;
    private static final int I32_LT_S = 0x48;
    private static final int I32_LT_U = 0x49;
    private static final int I32_SUB = 0x6b;
    private static final int I32_SHR_U = 0x76;
    private static final int I32 = 0x7f;
    private static final int NULLABLE = 0x63;
    private static final int REF_NULL = 0xd0;

    /// A unit is for so many bytes, as a power of two.
    private static final int BYTES = 6;

    /// More elements than a table has; an instruction that wants more of them traps.
    private static final int ELEMENTS = 1 << 24;

    private final int firstGlobal;
    private final int type;

    /// @param firstGlobal the index of the first of [#globals()]
    /// @param type the index of [#type()]
    Metering(int firstGlobal, int type) {
        this.firstGlobal = firstGlobal;
        this.type = type;
    }

    /// That of what gives the next slice: takes what is left, and gives what is left then; less
    /// than
    /// 0 traps.
    static byte[] type() {
        return new byte[] {0x60, 1, I32, 1, I32};
    }

    private int fuel() {
        return firstGlobal;
    }

    private int refuel() {
        return firstGlobal + 1;
    }

    private int length() {
        return firstGlobal + 2;
    }

    /// What the module's globals are followed by.
    List<byte[]> globals() {
        var number = new Output().raw(I32, 1, I32_CONST, 0, END).bytes();
        var function = new Output().raw(NULLABLE).signed(type).raw(1, REF_NULL).signed(type);
        return List.of(number, function.raw(END).bytes(), number);
    }

    /// The exports that the host needs of them.
    List<byte[]> exports() {
        return List.of(
                Rewriter.export(Rewriter.FUEL, WasmModule.GLOBAL, fuel()),
                Rewriter.export(Rewriter.REFUEL, WasmModule.GLOBAL, refuel()));
    }

    byte[] code(Addition addition) {
        var out = new Output();
        switch (addition.kind()) {
            case FUEL -> pay(out, addition.amount());
            case ROUND -> look(pay(out, addition.amount()));
            case BYTES -> {
                set(out, length());
                get(get(out, fuel()), length()).raw(I32_CONST, BYTES, I32_SHR_U, I32_SUB);
                get(look(set(out, fuel())), length());
            }
            case ELEMENTS -> {
                set(out, length());
                get(get(out, fuel()), length()).raw(I32_CONST).signed(ELEMENTS);
                get(out, length()).raw(I32_CONST).signed(ELEMENTS).raw(I32_LT_U, SELECT, I32_SUB);
                get(look(set(out, fuel())), length());
            }
            case CHECKPOINT, SPECIALISE -> throw new IllegalArgumentException("" + addition);
        }
        return out.bytes();
    }

    private Output pay(Output out, int amount) {
        return set(get(out, fuel()).raw(I32_CONST).signed(amount).raw(I32_SUB), fuel());
    }

    private Output look(Output out) {
        get(out, fuel()).raw(I32_CONST, 0, I32_LT_S, IF, NO_RESULT);
        get(get(out, fuel()), refuel()).raw(CALL_REF).u32(type);
        get(set(out, fuel()), fuel()).raw(I32_CONST, 0, I32_LT_S, IF, NO_RESULT);
        return out.raw(UNREACHABLE, END, END);
    }

    private static Output get(Output out, int global) {
        return out.raw(GLOBAL_GET).u32(global);
    }

    private static Output set(Output out, int global) {
        return out.raw(GLOBAL_SET).u32(global);
    }
}
