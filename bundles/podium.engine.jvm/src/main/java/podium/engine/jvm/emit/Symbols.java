package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import podium.engine.jvm.wasm.Types;

/// Java names that compiled code refers to.
final class Symbols {

    private Symbols() {}

    private static final String RUNTIME = "podium.engine.jvm.runtime.";

    static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");
    static final ClassDesc PRECONDITIONS = ClassDesc.of("jdk.internal.util.Preconditions");
    static final ClassDesc BI_FUNCTION = ClassDesc.of("java.util.function.BiFunction");
    static final ClassDesc INTERNALS = ClassDesc.of(RUNTIME + "Internals");
    static final ClassDesc STATE = ClassDesc.of(RUNTIME + "GuestState");
    static final ClassDesc NUMERIC = ClassDesc.of(RUNTIME + "Numeric");
    static final ClassDesc ATOMICS = ClassDesc.of(RUNTIME + "Atomics");
    static final ClassDesc BULK = ClassDesc.of(RUNTIME + "Bulk");
    static final ClassDesc TABLES = ClassDesc.of(RUNTIME + "Tables");
    static final ClassDesc GLOBALS = ClassDesc.of(RUNTIME + "Globals");
    static final ClassDesc SPECIALISATIONS = ClassDesc.of(RUNTIME + "Specialisations");
    static final ClassDesc SPILL = ClassDesc.of(RUNTIME + "Spill");
    static final ClassDesc CONTROL = ClassDesc.of(RUNTIME + "Control");
    static final ClassDesc GUEST_EXCEPTION = ClassDesc.of(RUNTIME + "GuestException");
    static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");
    static final ClassDesc LONG = ClassDesc.of("java.lang.Long");
    static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
    static final ClassDesc DOUBLE = ClassDesc.of("java.lang.Double");
    static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    static final ClassDesc VECTOR = ClassDesc.of("podium.engine.V128");
    static final ClassDesc MEMORY_VIEW = ClassDesc.of(RUNTIME + "MemoryView");

    /// The class of the run-time library for vectors of a shape such as `i8x16`.
    static ClassDesc lanes(String shape) {
        return ClassDesc.of(
                RUNTIME
                        + switch (shape) {
                            case "i8x16" -> "Int8Lanes";
                            case "i16x8" -> "Int16Lanes";
                            case "i32x4" -> "Int32Lanes";
                            case "f32x4" -> "Float32Lanes";
                            case "f64x2" -> "Float64Lanes";
                            default -> "Int64Lanes";
                        });
    }

    /// A type where host and guest meet.
    static ClassDesc hostType(char type) {
        return type == 'W' ? VECTOR : type(type);
    }

    static ClassDesc type(char type) {
        return switch (Types.kind(type)) {
            case 'I' -> CD_int;
            case 'J' -> CD_long;
            case 'F' -> CD_float;
            case 'D' -> CD_double;
            case 'V' -> CD_void;
            default -> CD_Object;
        };
    }

    static TypeKind kind(char type) {
        return switch (Types.kind(type)) {
            case 'I' -> TypeKind.INT;
            case 'J' -> TypeKind.LONG;
            case 'F' -> TypeKind.FLOAT;
            case 'D' -> TypeKind.DOUBLE;
            case 'V' -> TypeKind.VOID;
            default -> TypeKind.REFERENCE;
        };
    }
}
