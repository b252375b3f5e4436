package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/// Emits arithmetic and conversions on operands that are on the stack. Java's arithmetic is
/// WebAssembly's but for the
/// cases in `Numeric`.
final class NumericEmitter {

    private static final MethodTypeDesc II = MethodTypeDesc.of(CD_int, CD_int);
    private static final MethodTypeDesc III = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    private static final MethodTypeDesc LI = MethodTypeDesc.of(CD_int, CD_long);
    private static final MethodTypeDesc LLL = MethodTypeDesc.of(CD_long, CD_long, CD_long);
    private static final MethodTypeDesc LIL = MethodTypeDesc.of(CD_long, CD_long, CD_int);
    private static final MethodTypeDesc FF = MethodTypeDesc.of(CD_float, CD_float);
    private static final MethodTypeDesc FFF = MethodTypeDesc.of(CD_float, CD_float, CD_float);
    private static final MethodTypeDesc DD = MethodTypeDesc.of(CD_double, CD_double);
    private static final MethodTypeDesc DDD = MethodTypeDesc.of(CD_double, CD_double, CD_double);
    private static final MethodTypeDesc DI = MethodTypeDesc.of(CD_int, CD_double);
    private static final MethodTypeDesc DL = MethodTypeDesc.of(CD_long, CD_double);
    private static final MethodTypeDesc LD = MethodTypeDesc.of(CD_double, CD_long);
    private static final MethodTypeDesc LF = MethodTypeDesc.of(CD_float, CD_long);

    private NumericEmitter() {}

    static void emit(CodeBuilder code, int op) {
        if (op <= 0x78) integer(code, op);
        else if (op <= 0x8a) longs(code, op);
        else if (op <= 0x98) floats(code, op);
        else if (op <= 0xa6) doubles(code, op);
        else conversion(code, op);
    }

    private static void call(CodeBuilder code, ClassDesc owner, String name, MethodTypeDesc type) {
        code.invokestatic(owner, name, type);
    }

    private static void integer(CodeBuilder code, int op) {
        switch (op) {
            case 0x67 -> call(code, Symbols.INTEGER, "numberOfLeadingZeros", II);
            case 0x68 -> call(code, Symbols.INTEGER, "numberOfTrailingZeros", II);
            case 0x69 -> call(code, Symbols.INTEGER, "bitCount", II);
            case 0x6a -> code.iadd();
            case 0x6b -> code.isub();
            case 0x6c -> code.imul();
            case 0x6d -> call(code, Symbols.NUMERIC, "divide", III);
            case 0x6e -> call(code, Symbols.NUMERIC, "divideUnsigned", III);
            case 0x6f -> call(code, Symbols.NUMERIC, "remainder", III);
            case 0x70 -> call(code, Symbols.NUMERIC, "remainderUnsigned", III);
            case 0x71 -> code.iand();
            case 0x72 -> code.ior();
            case 0x73 -> code.ixor();
            case 0x74 -> code.ishl();
            case 0x75 -> code.ishr();
            case 0x76 -> code.iushr();
            case 0x77 -> call(code, Symbols.INTEGER, "rotateLeft", III);
            case 0x78 -> call(code, Symbols.INTEGER, "rotateRight", III);
            default -> throw unknown(op);
        }
    }

    private static void longs(CodeBuilder code, int op) {
        switch (op) {
            case 0x79 -> {
                call(code, Symbols.LONG, "numberOfLeadingZeros", LI);
                code.i2l();
            }
            case 0x7a -> {
                call(code, Symbols.LONG, "numberOfTrailingZeros", LI);
                code.i2l();
            }
            case 0x7b -> {
                call(code, Symbols.LONG, "bitCount", LI);
                code.i2l();
            }
            case 0x7c -> code.ladd();
            case 0x7d -> code.lsub();
            case 0x7e -> code.lmul();
            case 0x7f -> call(code, Symbols.NUMERIC, "divide", LLL);
            case 0x80 -> call(code, Symbols.NUMERIC, "divideUnsigned", LLL);
            case 0x81 -> call(code, Symbols.NUMERIC, "remainder", LLL);
            case 0x82 -> call(code, Symbols.NUMERIC, "remainderUnsigned", LLL);
            case 0x83 -> code.land();
            case 0x84 -> code.lor();
            case 0x85 -> code.lxor();
            case 0x86 -> code.l2i().lshl();
            case 0x87 -> code.l2i().lshr();
            case 0x88 -> code.l2i().lushr();
            case 0x89 -> call(code.l2i(), Symbols.LONG, "rotateLeft", LIL);
            case 0x8a -> call(code.l2i(), Symbols.LONG, "rotateRight", LIL);
            default -> throw unknown(op);
        }
    }

    /// Rounding in double precision is exact for floats, and so is the square root after rounding
    /// back.
    private static void floats(CodeBuilder code, int op) {
        switch (op) {
            case 0x8b -> call(code, Symbols.MATH, "abs", FF);
            case 0x8c -> code.fneg();
            case 0x8d -> call(code.f2d(), Symbols.MATH, "ceil", DD);
            case 0x8e -> call(code.f2d(), Symbols.MATH, "floor", DD);
            case 0x8f -> call(code.f2d(), Symbols.NUMERIC, "truncate", DD);
            case 0x90 -> call(code.f2d(), Symbols.MATH, "rint", DD);
            case 0x91 -> call(code.f2d(), Symbols.MATH, "sqrt", DD);
            case 0x92 -> code.fadd();
            case 0x93 -> code.fsub();
            case 0x94 -> code.fmul();
            case 0x95 -> code.fdiv();
            case 0x96 -> call(code, Symbols.NUMERIC, "min", FFF);
            case 0x97 -> call(code, Symbols.NUMERIC, "max", FFF);
            case 0x98 -> call(code, Symbols.MATH, "copySign", FFF);
            default -> throw unknown(op);
        }
        if (op >= 0x8d && op <= 0x91) code.d2f();
    }

    private static void doubles(CodeBuilder code, int op) {
        switch (op) {
            case 0x99 -> call(code, Symbols.MATH, "abs", DD);
            case 0x9a -> code.dneg();
            case 0x9b -> call(code, Symbols.NUMERIC, "ceil", DD);
            case 0x9c -> call(code, Symbols.NUMERIC, "floor", DD);
            case 0x9d -> call(code, Symbols.NUMERIC, "truncate", DD);
            case 0x9e -> call(code, Symbols.MATH, "rint", DD);
            case 0x9f -> call(code, Symbols.MATH, "sqrt", DD);
            case 0xa0 -> code.dadd();
            case 0xa1 -> code.dsub();
            case 0xa2 -> code.dmul();
            case 0xa3 -> code.ddiv();
            case 0xa4 -> call(code, Symbols.NUMERIC, "min", DDD);
            case 0xa5 -> call(code, Symbols.NUMERIC, "max", DDD);
            case 0xa6 -> call(code, Symbols.MATH, "copySign", DDD);
            default -> throw unknown(op);
        }
    }

    private static void conversion(CodeBuilder code, int op) {
        switch (op) {
            case 0xa7 -> code.l2i();
            case 0xa8 -> call(code.f2d(), Symbols.NUMERIC, "toInt", DI);
            case 0xa9 -> call(code.f2d(), Symbols.NUMERIC, "toUnsignedInt", DI);
            case 0xaa -> call(code, Symbols.NUMERIC, "toInt", DI);
            case 0xab -> call(code, Symbols.NUMERIC, "toUnsignedInt", DI);
            case 0xac -> code.i2l();
            case 0xad -> unsigned(code);
            case 0xae -> call(code.f2d(), Symbols.NUMERIC, "toLong", DL);
            case 0xaf -> call(code.f2d(), Symbols.NUMERIC, "toUnsignedLong", DL);
            case 0xb0 -> call(code, Symbols.NUMERIC, "toLong", DL);
            case 0xb1 -> call(code, Symbols.NUMERIC, "toUnsignedLong", DL);
            case 0xb2 -> code.i2f();
            case 0xb3 -> {
                unsigned(code);
                code.l2f();
            }
            case 0xb4 -> code.l2f();
            case 0xb5 -> call(code, Symbols.NUMERIC, "unsignedToFloat", LF);
            case 0xb6 -> code.d2f();
            case 0xb7 -> code.i2d();
            case 0xb8 -> {
                unsigned(code);
                code.l2d();
            }
            case 0xb9 -> code.l2d();
            case 0xba -> call(code, Symbols.NUMERIC, "unsignedToDouble", LD);
            case 0xbb -> code.f2d();
            case 0xbc ->
                    call(
                            code,
                            Symbols.FLOAT,
                            "floatToRawIntBits",
                            MethodTypeDesc.of(CD_int, CD_float));
            case 0xbd -> call(code, Symbols.DOUBLE, "doubleToRawLongBits", DL);
            case 0xbe ->
                    call(
                            code,
                            Symbols.FLOAT,
                            "intBitsToFloat",
                            MethodTypeDesc.of(CD_float, CD_int));
            case 0xbf -> call(code, Symbols.DOUBLE, "longBitsToDouble", LD);
            default -> extension(code, op);
        }
    }

    private static void extension(CodeBuilder code, int op) {
        switch (op) {
            case 0xc0 -> code.i2b();
            case 0xc1 -> code.i2s();
            case 0xc2 -> code.l2i().i2b().i2l();
            case 0xc3 -> code.l2i().i2s().i2l();
            case 0xc4 -> code.l2i().i2l();
            case 0xfc00 -> code.f2i();
            case 0xfc01 -> call(code.f2d(), Symbols.NUMERIC, "saturateUnsignedInt", DI);
            case 0xfc02 -> code.d2i();
            case 0xfc03 -> call(code, Symbols.NUMERIC, "saturateUnsignedInt", DI);
            case 0xfc04 -> code.f2l();
            case 0xfc05 -> call(code.f2d(), Symbols.NUMERIC, "saturateUnsignedLong", DL);
            case 0xfc06 -> code.d2l();
            case 0xfc07 -> call(code, Symbols.NUMERIC, "saturateUnsignedLong", DL);
            default -> throw unknown(op);
        }
    }

    static void unsigned(CodeBuilder code) {
        code.i2l();
        code.loadConstant(0xffffffffL);
        code.land();
    }

    private static IllegalStateException unknown(int op) {
        return new IllegalStateException("no code for opcode " + Integer.toHexString(op));
    }
}
