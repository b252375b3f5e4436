package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.MethodTypeDesc;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Types;

/// Emits the evaluation of trees.
final class ExprEmitter {

    private final CodeBuilder code;
    private final Layout layout;
    private final Demands demands;
    private final Frame frame;
    private final Positions positions;
    private final AccessEmitter access;
    private final BulkEmitter bulk;
    private final ExceptionEmitter exceptions;
    private final VectorEmitter vectors;

    ExprEmitter(
            CodeBuilder code, Layout layout, Demands demands, Frame frame, Positions positions) {
        this.demands = demands;
        this.code = code;
        this.layout = layout;
        this.frame = frame;
        this.positions = positions;
        access = new AccessEmitter(code, layout, frame, this);
        bulk = new BulkEmitter(code, this, access);
        exceptions = new ExceptionEmitter(code, layout, demands, this);
        vectors = new VectorEmitter(code, this);
    }

    /// Leaves the tree's value on the Java stack.
    void eval(Expr e) {
        int op = e.op;
        if (Opcodes.isLoad(op)) {
            access.load(e);
        } else if (Opcodes.isStore(op)) {
            access.store(e);
        } else if (op >= Opcodes.I32_EQZ && op <= Opcodes.LAST_COMPARISON) {
            truth(e);
        } else if (Opcodes.numericSignature(op) != null) {
            eval(e.a());
            if (e.b != null) eval(e.b);
            if (Opcodes.mayTrap(op)) mark(e);
            NumericEmitter.emit(code, op);
        } else {
            other(e);
        }
    }

    private void other(Expr e) {
        switch (e.op) {
            case Opcodes.LOCAL_GET -> frame.load(code, e.index);
            case Opcodes.LOCAL_SET -> assign(e);
            case Opcodes.LOCAL_TEE -> tee(e);
            case Opcodes.I32_CONST,
                    Opcodes.I64_CONST,
                    Opcodes.F32_CONST,
                    Opcodes.F64_CONST,
                    Opcodes.REF_NULL ->
                    constant(e);
            case Opcodes.CALL -> call(e);
            case Opcodes.CALL_INDIRECT -> callIndirect(e);
            case Opcodes.DROP -> {
                eval(e.a());
                discard(e.a().type);
            }
            case Opcodes.SELECT -> select(e);
            case Opcodes.GLOBAL_GET, Opcodes.GLOBAL_SET -> global(e);
            case Opcodes.REF_IS_NULL -> truth(e);
            case Expr.TAG_MATCHES, Expr.PAYLOAD, Expr.NEW_EXCEPTION, Expr.THROWABLE ->
                    exceptions.emit(e);
            case Expr.RESULT -> {
                state();
                demands.load(code, e.type, (int) e.imm);
            }
            case Expr.MINIMUM -> extremum(e, "min");
            case Expr.MAXIMUM -> extremum(e, "max");
            case Expr.BYTES -> vectors.bytes(e);
            case Expr.SPECIALISED -> code.iconst_0();
            case Expr.ENTER ->
                    new EntranceEmitter(code, layout, demands, this).emit(e, frame.stack);
            default -> {
                if (e.isVector()) vectors.call(e);
                else bulk.emit(e);
            }
        }
    }

    /// Says that the code that follows is that of an instruction, which traps or calls.
    void mark(Expr e) {
        positions.mark(code, e.position);
    }

    void state() {
        code.aload(Frame.STATE);
    }

    private void assign(Expr e) {
        frame.prepareStore(code, e.index);
        eval(e.a());
        frame.store(code, e.index);
    }

    private void tee(Expr e) {
        if (frame.isShared(e.index)) {
            assign(e);
            frame.load(code, e.index);
        } else {
            eval(e.a());
            duplicate(e.type);
            frame.store(code, e.index);
        }
    }

    private void duplicate(char type) {
        if (Types.slots(type) == 2) code.dup2();
        else code.dup();
    }

    void discard(char type) {
        switch (Types.slots(type)) {
            case 1 -> code.pop();
            case 2 -> code.pop2();
            default -> {}
        }
    }

    private void constant(Expr e) {
        switch (e.op) {
            case Opcodes.I32_CONST -> code.loadConstant((int) e.imm);
            case Opcodes.I64_CONST -> longConstant(e.imm);
            case Opcodes.F32_CONST -> {
                float value = Float.intBitsToFloat((int) e.imm);
                if (Float.isNaN(value)) {
                    code.loadConstant((int) e.imm);
                    code.invokestatic(
                            Symbols.FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
                } else {
                    code.loadConstant(value);
                }
            }
            case Opcodes.F64_CONST -> {
                double value = Double.longBitsToDouble(e.imm);
                if (Double.isNaN(value)) {
                    code.loadConstant(e.imm);
                    code.invokestatic(
                            Symbols.DOUBLE,
                            "longBitsToDouble",
                            MethodTypeDesc.of(CD_double, CD_long));
                } else {
                    code.loadConstant(value);
                }
            }
            default -> code.aconst_null();
        }
    }

    /// Small constants are shorter as ints.
    void longConstant(long value) {
        if (value != 0 && value != 1 && value == (short) value) {
            code.loadConstant((int) value);
            code.i2l();
        } else {
            code.loadConstant(value);
        }
    }

    // ---- calls

    private void call(Expr e) {
        var callee = layout.module.signature(e.index);
        state();
        arguments(e, CallingConvention.of(callee));
        code.iload(frame.stack);
        mark(e);
        code.invokestatic(
                layout.owner(e.index), layout.methodName(e.index), layout.descriptor(callee));
    }

    private void arguments(Expr e, CallingConvention convention) {
        for (int i = 0; i < e.args.length; i++) {
            if (i >= convention.passed()) state();
            eval(e.args[i]);
        }
        if (convention.usesFields()) demands.sequence().storeAll(code, convention.inFields());
    }

    private void callIndirect(Expr e) {
        state();
        arguments(e, CallingConvention.of(layout.module.types.get(e.index)));
        eval(e.a());
        code.iload(frame.stack);
        int type = layout.canonicalType(e.index);
        mark(e);
        code.invokestatic(
                layout.dispatchers(),
                DispatchEmitter.indirectName(type, (int) e.imm),
                layout.descriptor(layout.module.types.get(e.index), 'I'));
    }

    // ---- globals

    private void global(Expr e) {
        var global = layout.module.globals.get(e.index);
        char type = global.type();
        var javaType = type == 'W' ? CD_long : Symbols.type(type);
        boolean get = e.op == Opcodes.GLOBAL_GET;
        state();
        if (layout.importsMutable(e.index)) {
            code.loadConstant(e.index);
            if (get) {
                code.invokestatic(
                        Symbols.GLOBALS,
                        "get" + suffix(type, e),
                        MethodTypeDesc.of(javaType, Symbols.STATE, CD_int));
                return;
            }
            eval(e.a());
            code.invokestatic(
                    Symbols.GLOBALS,
                    type == 'W' ? "set" + suffix(type, e) : "set",
                    MethodTypeDesc.of(Symbols.type('V'), Symbols.STATE, CD_int, javaType));
            return;
        }
        var field = e.imm == 0 ? Layout.globalField(e.index) : Layout.highGlobalField(e.index);
        if (get) {
            code.getfield(layout.state, field, javaType);
            return;
        }
        eval(e.a());
        code.putfield(layout.state, field, javaType);
    }

    private static String suffix(char type, Expr e) {
        if (type != 'W') return String.valueOf(Types.kind(type));
        return e.imm == 0 ? "Low" : "High";
    }

    // ---- conditions

    private void select(Expr e) {
        var chosen = code.newLabel();
        var done = code.newLabel();
        if (e.a().isSimple() && e.b().isSimple() && !e.c().effects && !e.c().assigns()) {
            branch(e.c(), chosen, true);
            eval(e.b());
            code.goto_(done);
            code.labelBinding(chosen);
            eval(e.a());
            code.labelBinding(done);
            return;
        }
        eval(e.a());
        eval(e.b());
        branch(e.c(), chosen, false);
        discard(e.type);
        code.goto_(done);
        code.labelBinding(chosen);
        if (Types.slots(e.type) == 2) {
            code.dup2_x2();
            code.pop2();
            code.pop2();
        } else {
            code.swap();
            code.pop();
        }
        code.labelBinding(done);
    }

    private void extremum(Expr e, String name) {
        eval(e.a());
        eval(e.b());
        var type = Symbols.type(e.type);
        code.invokestatic(Symbols.MATH, name, MethodTypeDesc.of(type, type, type));
    }

    /// A comparison as a value.
    private void truth(Expr e) {
        var yes = code.newLabel();
        var done = code.newLabel();
        branch(e, yes, true);
        code.iconst_0();
        code.goto_(done);
        code.labelBinding(yes);
        code.iconst_1();
        code.labelBinding(done);
    }

    private static final Opcode[] AGAINST_ZERO = {
        Opcode.IFEQ, Opcode.IFNE, Opcode.IFLT, Opcode.IFGT, Opcode.IFLE, Opcode.IFGE
    };
    private static final Opcode[] AGAINST_INT = {
        Opcode.IF_ICMPEQ,
        Opcode.IF_ICMPNE,
        Opcode.IF_ICMPLT,
        Opcode.IF_ICMPGT,
        Opcode.IF_ICMPLE,
        Opcode.IF_ICMPGE
    };
    private static final int[] OPPOSITE = {1, 0, 5, 4, 3, 2};

    /// Branches if the truth of the tree, an i32, is `sense`; else falls through.
    void branch(Expr e, Label target, boolean sense) {
        int op = e.op;
        if (op == Opcodes.I32_EQZ) {
            branch(e.a(), target, !sense);
        } else if (op >= 0x46 && op <= 0x4f) {
            compareInts(e, target, sense);
        } else if (op >= 0x50 && op <= 0x5a) {
            compareLongs(e, target, sense);
        } else if (op >= 0x5b && op <= Opcodes.LAST_COMPARISON) {
            compareFloats(e, target, sense);
        } else if (op == Opcodes.REF_IS_NULL) {
            eval(e.a());
            if (sense) code.ifnull(target);
            else code.ifnonnull(target);
        } else if (op == Opcodes.I32_CONST) {
            if (e.imm != 0 == sense) code.goto_(target);
        } else {
            eval(e);
            code.branch(sense ? Opcode.IFNE : Opcode.IFEQ, target);
        }
    }

    /// Whether a branch looks at the result of a comparison, and not at what is compared.
    ///
    /// @param ints whether this is about 32-bit integers, too, or about all other numbers
    static boolean compares(Expr e, boolean ints) {
        if (e.op == Opcodes.I32_EQZ) return compares(e.a(), ints);
        if (e.op >= 0x46 && e.op <= 0x4f) return ints && (INTEGER_RELATIONS[e.op - 0x46] & 8) != 0;
        return e.op >= 0x50 && e.op <= Opcodes.LAST_COMPARISON;
    }

    /// 0 eq, 1 ne, 2 lt, 3 gt, 4 le, 5 ge; and whether unsigned, in bit 3.
    private static final int[] INTEGER_RELATIONS = {0, 1, 2, 10, 3, 11, 4, 12, 5, 13};

    private void compareInts(Expr e, Label target, boolean sense) {
        int relation = INTEGER_RELATIONS[e.op - 0x46];
        int kind = relation & 7;
        int taken = sense ? kind : OPPOSITE[kind];
        eval(e.a());
        if ((relation & 8) != 0) {
            eval(e.b());
            code.invokestatic(
                    Symbols.INTEGER, "compareUnsigned", MethodTypeDesc.of(CD_int, CD_int, CD_int));
            code.branch(AGAINST_ZERO[taken], target);
        } else if (e.b().op == Opcodes.I32_CONST && e.b().imm == 0) {
            code.branch(AGAINST_ZERO[taken], target);
        } else {
            eval(e.b());
            code.branch(AGAINST_INT[taken], target);
        }
    }

    private void compareLongs(Expr e, Label target, boolean sense) {
        eval(e.a());
        if (e.op == 0x50) {
            code.lconst_0();
            code.lcmp();
            code.branch(sense ? Opcode.IFEQ : Opcode.IFNE, target);
            return;
        }
        int relation = INTEGER_RELATIONS[e.op - 0x51];
        int kind = relation & 7;
        eval(e.b());
        if ((relation & 8) != 0)
            code.invokestatic(
                    Symbols.LONG, "compareUnsigned", MethodTypeDesc.of(CD_int, CD_long, CD_long));
        else code.lcmp();
        code.branch(AGAINST_ZERO[sense ? kind : OPPOSITE[kind]], target);
    }

    /// Comparisons with NaN are false, except `ne`.
    private void compareFloats(Expr e, Label target, boolean sense) {
        boolean wide = e.op >= 0x61;
        int kind = (e.op - 0x5b) % 6;
        eval(e.a());
        eval(e.b());
        boolean less = kind == 2 || kind == 4;
        if (wide && less) code.dcmpg();
        else if (wide) code.dcmpl();
        else if (less) code.fcmpg();
        else code.fcmpl();
        code.branch(AGAINST_ZERO[sense ? kind : OPPOSITE[kind]], target);
    }
}
