package podium.engine.jvm.wasm;

import java.util.ArrayList;
import java.util.List;
import podium.engine.FunctionType;
import podium.engine.ValueType;

/// Value types as letters: `I` i32, `J` i64, `F` f32, `D` f64, `W` v128, `R` funcref, `X`
/// externref,
/// `E` exnref. The compiler uses `V` for no value, and has no value of 128 bits: to it a `W` is two
/// values, `L` its low and `H` its high half.
public final class Types {

    private Types() {}

    public static final char ANY = '?';

    /// Decodes a value type; -1 is returned for none.
    static int letter(int code) {
        return switch (code) {
            case 0x7f -> 'I';
            case 0x7e -> 'J';
            case 0x7d -> 'F';
            case 0x7c -> 'D';
            case 0x7b -> 'W';
            default -> reference(code);
        };
    }

    private static int reference(int heapType) {
        return switch (heapType) {
            case 0x70 -> 'R';
            case 0x6f -> 'X';
            case 0x69 -> 'E';
            default -> -1;
        };
    }

    public static char read(Cursor in) {
        int at = in.position();
        int code = in.u8();
        int letter = letter(code);
        if (letter >= 0) return (char) letter;
        switch (code) {
            case NULLABLE -> {
                return readHeapType(in);
            }
            case 0x64, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x71, 0x72, 0x73, 0x74 ->
                    throw new MalformedModule("unsupported: typed references", at);
            default -> throw new MalformedModule("malformed value type", at);
        }
    }

    /// What comes before a heap type in the long form of a reference type.
    private static final int NULLABLE = 0x63;

    /// The type of references that may be null to a heap type.
    public static char readHeapType(Cursor in) {
        int at = in.position();
        long code = in.s33();
        int letter = code < 0 && code >= -0x40 ? reference((int) code & 0x7f) : -1;
        if (letter < 0) throw new MalformedModule("unsupported: typed references", at);
        return (char) letter;
    }

    static char readReference(Cursor in) {
        int at = in.position();
        char type = read(in);
        if (!isReference(type)) throw new MalformedModule("malformed reference type", at);
        return type;
    }

    public static boolean isReference(char type) {
        return type == 'R' || type == 'X' || type == 'E';
    }

    /// The descriptor of the Java type.
    public static String descriptor(char type) {
        char kind = kind(type);
        return kind == 'A' ? "Ljava/lang/Object;" : String.valueOf(kind);
    }

    /// Java local variable slots or operand stack words a value takes.
    public static int slots(char type) {
        return switch (type) {
            case 'J', 'D', 'L', 'H' -> 2;
            case 'V' -> 0;
            case 'W' -> 4;
            default -> 1;
        };
    }

    /// The letter of the Java type: references are all `A`, and halves of vectors `J`.
    public static char kind(char type) {
        return switch (type) {
            case 'I', 'J', 'F', 'D', 'V' -> type;
            case 'L', 'H' -> 'J';
            default -> 'A';
        };
    }

    public static ValueType valueType(char type) {
        return switch (type) {
            case 'I' -> ValueType.I32;
            case 'J' -> ValueType.I64;
            case 'F' -> ValueType.F32;
            case 'D' -> ValueType.F64;
            case 'W' -> ValueType.V128;
            case 'R' -> ValueType.FUNCREF;
            case 'X' -> ValueType.EXTERNREF;
            case 'E' -> ValueType.EXNREF;
            default -> throw new IllegalArgumentException("no value type " + type);
        };
    }

    public static char letter(ValueType type) {
        return switch (type) {
            case I32 -> 'I';
            case I64 -> 'J';
            case F32 -> 'F';
            case F64 -> 'D';
            case V128 -> 'W';
            case FUNCREF -> 'R';
            case EXTERNREF -> 'X';
            case EXNREF -> 'E';
        };
    }

    /// The types as the compiler has them: halves for vectors.
    public static String halved(String types) {
        return types.indexOf('W') < 0 ? types : types.replace("W", "LH");
    }

    public static FunctionType functionType(Signature signature) {
        return new FunctionType(list(signature.parameters()), list(signature.results()));
    }

    private static List<ValueType> list(String letters) {
        var types = new ArrayList<ValueType>(letters.length());
        for (int i = 0; i < letters.length(); i++) types.add(valueType(letters.charAt(i)));
        return types;
    }
}
