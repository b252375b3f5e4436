package podium.engine.jvm.wasm;

import org.jspecify.annotations.Nullable;

/// Instruction codes and the types of the plain ones. Prefixed instructions are `prefix << 8 |
/// code`.
public final class Opcodes {

    private Opcodes() {}

    public static final int UNREACHABLE = 0x00;
    public static final int NOP = 0x01;
    public static final int BLOCK = 0x02;
    public static final int LOOP = 0x03;
    public static final int IF = 0x04;
    public static final int ELSE = 0x05;
    public static final int TRY = 0x06;
    public static final int CATCH = 0x07;
    public static final int THROW = 0x08;
    public static final int RETHROW = 0x09;
    public static final int THROW_REF = 0x0a;
    public static final int END = 0x0b;
    public static final int BR = 0x0c;
    public static final int BR_IF = 0x0d;
    public static final int BR_TABLE = 0x0e;
    public static final int RETURN = 0x0f;
    public static final int CALL = 0x10;
    public static final int CALL_INDIRECT = 0x11;
    public static final int RETURN_CALL = 0x12;
    public static final int RETURN_CALL_INDIRECT = 0x13;
    public static final int DELEGATE = 0x18;
    public static final int CATCH_ALL = 0x19;
    public static final int DROP = 0x1a;
    public static final int SELECT = 0x1b;
    public static final int SELECT_TYPED = 0x1c;
    public static final int TRY_TABLE = 0x1f;
    public static final int LOCAL_GET = 0x20;
    public static final int LOCAL_SET = 0x21;
    public static final int LOCAL_TEE = 0x22;
    public static final int GLOBAL_GET = 0x23;
    public static final int GLOBAL_SET = 0x24;
    public static final int TABLE_GET = 0x25;
    public static final int TABLE_SET = 0x26;
    public static final int FIRST_LOAD = 0x28;
    public static final int LAST_LOAD = 0x35;
    public static final int FIRST_STORE = 0x36;
    public static final int LAST_STORE = 0x3e;
    public static final int MEMORY_SIZE = 0x3f;
    public static final int MEMORY_GROW = 0x40;
    public static final int I32_CONST = 0x41;
    public static final int I32_ADD = 0x6a;
    public static final int I64_CONST = 0x42;
    public static final int F32_CONST = 0x43;
    public static final int F64_CONST = 0x44;
    public static final int I32_EQZ = 0x45;
    public static final int FIRST_NUMERIC = 0x45;
    public static final int LAST_COMPARISON = 0x66;
    public static final int LAST_NUMERIC = 0xc4;
    public static final int REF_NULL = 0xd0;
    public static final int REF_IS_NULL = 0xd1;
    public static final int REF_FUNC = 0xd2;
    public static final int PREFIX_MISC = 0xfc;
    public static final int PREFIX_SIMD = 0xfd;
    public static final int PREFIX_ATOMIC = 0xfe;

    public static final int FIRST_SATURATING = 0xfc00;
    public static final int LAST_SATURATING = 0xfc07;
    public static final int MEMORY_INIT = 0xfc08;
    public static final int DATA_DROP = 0xfc09;
    public static final int MEMORY_COPY = 0xfc0a;
    public static final int MEMORY_FILL = 0xfc0b;
    public static final int TABLE_INIT = 0xfc0c;
    public static final int ELEM_DROP = 0xfc0d;
    public static final int TABLE_COPY = 0xfc0e;
    public static final int TABLE_GROW = 0xfc0f;
    public static final int TABLE_SIZE = 0xfc10;
    public static final int TABLE_FILL = 0xfc11;

    public static final int ATOMIC_NOTIFY = 0xfe00;
    public static final int ATOMIC_WAIT32 = 0xfe01;
    public static final int ATOMIC_WAIT64 = 0xfe02;
    public static final int ATOMIC_FENCE = 0xfe03;
    public static final int FIRST_ATOMIC_ACCESS = 0xfe10;
    public static final int LAST_ATOMIC_ACCESS = 0xfe4e;

    /// The last of the catch clauses of `try_table`: `catch`, `catch_ref`, `catch_all`,
    /// `catch_all_ref`.
    public static final int CATCH_ALL_REF = 3;

    private static final String[] NUMERIC = numeric();
    private static final String LOAD_RESULT = "IJFDIIIIJJJJJJ";
    private static final String STORE_VALUE = "IJFDIIJJJ";
    private static final byte[] ACCESS_LOG2 = {
        2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2
    };

    /// Log2 of the width of the seven variants of each atomic access.
    private static final byte[] ATOMIC_LOG2 = {2, 3, 0, 1, 0, 1, 2};

    private static final String ATOMIC_TYPE = "IJIIJJJ";

    /// Whether an instruction does anything but delimit others.
    public static boolean executes(int op) {
        return switch (op) {
            case NOP, BLOCK, LOOP, TRY, TRY_TABLE, ELSE, END, CATCH, CATCH_ALL, DELEGATE -> false;
            default -> true;
        };
    }

    /// Operand types followed by the result type, or null for a code that is not a plain numeric
    /// one.
    public static @Nullable String numericSignature(int op) {
        if (op >= FIRST_NUMERIC && op <= LAST_NUMERIC) return NUMERIC[op];
        if (op >= FIRST_SATURATING && op <= LAST_SATURATING)
            return switch (op & 0xff) {
                case 0, 1 -> "FI";
                case 2, 3 -> "DI";
                case 4, 5 -> "FJ";
                default -> "DJ";
            };
        return null;
    }

    public static boolean isLoad(int op) {
        return op >= FIRST_LOAD && op <= LAST_LOAD;
    }

    public static boolean isStore(int op) {
        return op >= FIRST_STORE && op <= LAST_STORE;
    }

    public static char loadResult(int op) {
        return LOAD_RESULT.charAt(op - FIRST_LOAD);
    }

    public static char storeValue(int op) {
        return STORE_VALUE.charAt(op - FIRST_STORE);
    }

    /// Log2 of the bytes a plain load or store accesses.
    public static int accessLog2(int op) {
        return ACCESS_LOG2[op - FIRST_LOAD];
    }

    public static boolean isAtomicAccess(int op) {
        return op >= FIRST_ATOMIC_ACCESS && op <= LAST_ATOMIC_ACCESS;
    }

    /// What an atomic access does: 0 load, 1 store, 2 add, 3 sub, 4 and, 5 or, 6 xor, 7 exchange, 8
    /// compare and exchange.
    public static int atomicOperation(int op) {
        return (op - FIRST_ATOMIC_ACCESS) / 7;
    }

    public static int atomicLog2(int op) {
        return ATOMIC_LOG2[(op - FIRST_ATOMIC_ACCESS) % 7];
    }

    public static char atomicType(int op) {
        return ATOMIC_TYPE.charAt((op - FIRST_ATOMIC_ACCESS) % 7);
    }

    public static boolean catchesAll(int clause) {
        return clause >= 2;
    }

    public static boolean catchesReference(int clause) {
        return (clause & 1) != 0;
    }

    private static String[] numeric() {
        var table = new String[0x100];
        fill(table, 0x45, 0x45, "II");
        fill(table, 0x46, 0x4f, "III");
        fill(table, 0x50, 0x50, "JI");
        fill(table, 0x51, 0x5a, "JJI");
        fill(table, 0x5b, 0x60, "FFI");
        fill(table, 0x61, 0x66, "DDI");
        fill(table, 0x67, 0x69, "II");
        fill(table, 0x6a, 0x78, "III");
        fill(table, 0x79, 0x7b, "JJ");
        fill(table, 0x7c, 0x8a, "JJJ");
        fill(table, 0x8b, 0x91, "FF");
        fill(table, 0x92, 0x98, "FFF");
        fill(table, 0x99, 0x9f, "DD");
        fill(table, 0xa0, 0xa6, "DDD");
        String[] conversions = {
            "JI", "FI", "FI", "DI", "DI", "IJ", "IJ", "FJ", "FJ", "DJ", "DJ", "IF", "IF", "JF",
            "JF", "DF", "ID", "ID", "JD", "JD", "FD", "FI", "DJ", "IF", "JD"
        };
        System.arraycopy(conversions, 0, table, 0xa7, conversions.length);
        fill(table, 0xc0, 0xc1, "II");
        fill(table, 0xc2, 0xc4, "JJ");
        return table;
    }

    private static void fill(String[] table, int from, int to, String signature) {
        for (int op = from; op <= to; op++) table[op] = signature;
    }

    /// Whether an instruction can trap for another reason than a memory's bounds: divisions,
    /// conversions to integers, accesses to tables.
    public static boolean mayTrap(int op) {
        return op >= 0x6d && op <= 0x70
                || op >= 0x7f && op <= 0x82
                || op >= 0xa8 && op <= 0xab
                || op >= 0xae && op <= 0xb1
                || op == TABLE_GET;
    }
}
