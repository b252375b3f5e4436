package podium.engine.jvm.wasm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The vector instructions: their names, types, and what they do to the halves of a vector.
public final class VectorOpcodes {

    private VectorOpcodes() {}

    /// How an instruction's result comes from the halves of its operands.
    public enum Form {
        /// Access to memory.
        MEMORY,
        /// A constant, or a choice of bytes by constants.
        IMMEDIATE,
        /// Each half of the result from the same halves of the operands.
        HALVES,
        /// The low half from the first operand's halves, the high half from the second's.
        NARROW,
        /// Both halves from the low half of each operand.
        LOW,
        /// Both halves from the high half of each operand.
        HIGH,
        /// The low half from the operand, the high half zero.
        ZERO,
        /// Both halves alike, from a number.
        SPLAT,
        /// A number out of a lane.
        EXTRACT,
        /// A number into a lane.
        REPLACE,
        /// A number that tells about all lanes.
        REDUCE,
        /// Each half from the whole first operand and a half of the second.
        SWIZZLE
    }

    /// @param code after the prefix
    /// @param name in the text format
    /// @param signature operand types followed by the result type
    public record Vector(int code, String name, String signature, Form form) {

        /// The shape the name begins with, such as `i8x16`.
        public String shape() {
            return name.substring(0, name.indexOf('.'));
        }

        /// The name after the shape, as Java writes names.
        public String methodName() {
            var java = new StringBuilder();
            for (var word : name.substring(name.indexOf('.') + 1).split("_"))
                java.append(java.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)))
                        .append(word, 1, word.length());
            return java.toString();
        }

        public char result() {
            return signature.charAt(signature.length() - 1);
        }

        /// Lanes of the vector, where the shape tells.
        public int lanes() {
            return Integer.parseInt(name.substring(name.indexOf('x') + 1, name.indexOf('.')));
        }
    }

    public static final int LOAD = 0x00;
    public static final int FIRST_LOAD_EXTEND = 0x01;
    public static final int LAST_LOAD_EXTEND = 0x06;
    public static final int FIRST_LOAD_SPLAT = 0x07;
    public static final int LAST_LOAD_SPLAT = 0x0a;
    public static final int STORE = 0x0b;
    public static final int CONST = 0x0c;
    public static final int SHUFFLE = 0x0d;
    private static final int SWIZZLE = 0x0e;
    public static final int NOT = 0x4d;
    public static final int AND = 0x4e;
    public static final int ANDNOT = 0x4f;
    public static final int OR = 0x50;
    public static final int XOR = 0x51;
    private static final int BITSELECT = 0x52;
    public static final int FIRST_LOAD_LANE = 0x54;
    public static final int LAST_LOAD_LANE = 0x57;
    public static final int FIRST_STORE_LANE = 0x58;
    public static final int LAST_STORE_LANE = 0x5b;
    public static final int LOAD32_ZERO = 0x5c;
    public static final int LOAD64_ZERO = 0x5d;

    private static final int Q15MULR_SAT_S = 0x82;
    private static final int F32X4_MIN = 0xe8;
    private static final int F64X2_MIN = 0xf4;
    private static final int TRUNC_SAT_F32X4_S = 0xf8;
    private static final int TRUNC_SAT_F64X2_S_ZERO = 0xfc;

    private static final Vector[] TABLE = new Vector[0x114];

    static {
        for (var line : VectorTable.ROWS.split("\n")) {
            var words = line.split(" ");
            int code = Integer.parseInt(words[0], 16);
            TABLE[code] = new Vector(code, words[1], words[2], Form.valueOf(words[3]));
        }
    }

    /// The instruction with a code after the prefix, or null.
    static @Nullable Vector find(int code) {
        return code >= 0 && code < TABLE.length ? TABLE[code] : null;
    }

    /// The instruction with a code that a validated module has.
    public static Vector of(int code) {
        return Objects.requireNonNull(find(code));
    }

    /// The instruction with whose method the library does this one on a half. What takes the high
    /// half does as what takes the low one. Of a relaxed instruction's alternatives the first is
    /// taken, that of the deterministic profile.
    public static int inLibrary(int code) {
        if (TABLE[code].form == Form.HIGH) return code - 1;
        return switch (code) {
            case 0x100 -> SWIZZLE;
            case 0x101, 0x102 -> TRUNC_SAT_F32X4_S + (code - 0x101);
            case 0x103, 0x104 -> TRUNC_SAT_F64X2_S_ZERO + (code - 0x103);
            case 0x109, 0x10a, 0x10b, 0x10c -> BITSELECT;
            case 0x10d, 0x10e -> F32X4_MIN + (code - 0x10d);
            case 0x10f, 0x110 -> F64X2_MIN + (code - 0x10f);
            case 0x111 -> Q15MULR_SAT_S;
            default -> code;
        };
    }

    /// Log2 of the bytes an instruction of form MEMORY accesses.
    public static int accessLog2(int code) {
        return switch (code) {
            case LOAD, STORE -> 4;
            case LOAD32_ZERO -> 2;
            case LOAD64_ZERO -> 3;
            default -> {
                if (code <= LAST_LOAD_EXTEND) yield 3;
                if (code <= LAST_LOAD_SPLAT) yield code - FIRST_LOAD_SPLAT;
                yield code - FIRST_LOAD_LANE & 3;
            }
        };
    }

    public static boolean isLoadLane(int code) {
        return code >= FIRST_LOAD_LANE && code <= LAST_LOAD_LANE;
    }

    public static boolean isStoreLane(int code) {
        return code >= FIRST_STORE_LANE && code <= LAST_STORE_LANE;
    }
}
