package podium.engine.jvm.wasm;

import java.util.ArrayList;
import java.util.List;
import podium.engine.FunctionType;
import podium.engine.ValueType;

/// Value types as letters: `I` i32, `J` i64, `F` f32, `D` f64, `R` funcref, `X` externref. The
/// compiler
/// uses `E` for a caught exception and `V` for no value.
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
            case 0x70 -> 'R';
            case 0x6f -> 'X';
            default -> -1;
        };
    }

    static char read(Cursor in) {
        int at = in.position();
        int code = in.u8();
        int letter = letter(code);
        if (letter >= 0) return (char) letter;
        switch (code) {
            case 0x7b -> throw new MalformedModule("unsupported: SIMD (v128)", at);
            case 0x69 -> throw new MalformedModule("unsupported: exnref", at);
            case 0x63, 0x64 -> throw new MalformedModule("unsupported: typed references", at);
            default -> throw new MalformedModule("malformed value type", at);
        }
    }

    static char readReference(Cursor in) {
        int at = in.position();
        char type = read(in);
        if (type != 'R' && type != 'X') throw new MalformedModule("malformed reference type", at);
        return type;
    }

    public static boolean isReference(char type) {
        return type == 'R' || type == 'X';
    }

    /// The descriptor of the Java type.
    public static String descriptor(char type) {
        return switch (type) {
            case 'I', 'J', 'F', 'D', 'V' -> String.valueOf(type);
            default -> "Ljava/lang/Object;";
        };
    }

    /// Java local variable slots or operand stack words a value takes.
    public static int slots(char type) {
        return type == 'J' || type == 'D' ? 2 : type == 'V' ? 0 : 1;
    }

    /// The letter of the Java type: references are all `A`.
    public static char kind(char type) {
        return switch (type) {
            case 'I', 'J', 'F', 'D', 'V' -> type;
            default -> 'A';
        };
    }

    public static ValueType valueType(char type) {
        return switch (type) {
            case 'I' -> ValueType.I32;
            case 'J' -> ValueType.I64;
            case 'F' -> ValueType.F32;
            case 'D' -> ValueType.F64;
            case 'R' -> ValueType.FUNCREF;
            case 'X' -> ValueType.EXTERNREF;
            default -> throw new IllegalArgumentException("no value type " + type);
        };
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
