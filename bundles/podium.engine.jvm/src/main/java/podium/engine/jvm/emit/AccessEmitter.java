package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.WasmModule;

/// Emits loads and stores: a check of the index against the memory's size, which HotSpot's
/// compilers know as an
/// intrinsic, and a raw access at base plus index. See README: The form of a memory access.
final class AccessEmitter {

    private static final MethodTypeDesc CHECK =
            MethodTypeDesc.of(CD_long, CD_long, CD_long, Symbols.BI_FUNCTION);

    private final CodeBuilder code;
    private final Layout layout;
    private final Frame frame;
    private final ExprEmitter expressions;

    AccessEmitter(CodeBuilder code, Layout layout, Frame frame, ExprEmitter expressions) {
        this.code = code;
        this.layout = layout;
        this.frame = frame;
        this.expressions = expressions;
    }

    /// Leaves the checked machine address of an access on the stack.
    ///
    /// @param e the access, whose first operand is the address
    void address(Expr e, int log2) {
        long offset = e.imm;
        int memory = e.index;
        base(memory);
        expressions.eval(e.a());
        boolean narrow = WasmModule.isNarrow(layout.module.memories.get(memory));
        if (e.inBounds) {
            if (narrow) code.i2l();
            else NumericEmitter.unsigned(code);
            add(offset);
        } else if (narrow) {
            // a negative index fails, so the offset is taken off the limit
            code.i2l();
            limit(memory, log2);
            if (offset != 0) {
                code.loadConstant(offset);
                code.lsub();
            }
            check(e);
            add(offset);
        } else {
            NumericEmitter.unsigned(code);
            add(offset);
            limit(memory, log2);
            check(e);
        }
        code.ladd();
    }

    private void add(long offset) {
        if (offset == 0) return;
        expressions.longConstant(offset);
        code.ladd();
    }

    private void base(int memory) {
        if (memory == 0) code.lload(frame.base);
        else code.aload(frame.view(memory)).getfield(Symbols.MEMORY_VIEW, "base", CD_long);
    }

    /// The number of indices at which an access of this width fits.
    private void limit(int memory, int log2) {
        var name = "limit" + (1 << log2);
        if (memory == 0) code.aload(Frame.STATE).getfield(layout.state, name, CD_long);
        else code.aload(frame.view(memory)).getfield(Symbols.MEMORY_VIEW, name, CD_long);
    }

    private void check(Expr e) {
        expressions.mark(e);
        code.aconst_null().invokestatic(Symbols.PRECONDITIONS, "checkIndex", CHECK);
    }

    /// Leaves what accesses memory, and the object of a raw address.
    private void unsafe() {
        code.getstatic(layout.state, StateEmitter.UNSAFE, Symbols.UNSAFE).aconst_null();
    }

    void load(Expr e) {
        unsafe();
        address(e, Opcodes.accessLog2(e.op));
        switch (e.op) {
            case 0x28 -> get("getInt", CD_int);
            case 0x29 -> get("getLong", CD_long);
            case 0x2a -> get("getFloat", CD_float);
            case 0x2b -> get("getDouble", CD_double);
            case 0x2c -> get("getByte", CD_byte);
            case 0x2d -> unsignedByte();
            case 0x2e -> get("getShort", CD_short);
            case 0x2f -> unsignedShort();
            case 0x30 -> {
                get("getByte", CD_byte);
                code.i2l();
            }
            case 0x31 -> {
                unsignedByte();
                code.i2l();
            }
            case 0x32 -> {
                get("getShort", CD_short);
                code.i2l();
            }
            case 0x33 -> {
                unsignedShort();
                code.i2l();
            }
            case 0x34 -> {
                get("getInt", CD_int);
                code.i2l();
            }
            default -> {
                get("getInt", CD_int);
                NumericEmitter.unsigned(code);
            }
        }
    }

    private void get(String name, ClassDesc type) {
        code.invokevirtual(Symbols.UNSAFE, name, MethodTypeDesc.of(type, CD_Object, CD_long));
    }

    private void unsignedByte() {
        get("getByte", CD_byte);
        code.sipush(255);
        code.iand();
    }

    private void unsignedShort() {
        get("getShort", CD_short);
        code.i2c();
    }

    void store(Expr e) {
        unsafe();
        address(e, Opcodes.accessLog2(e.op));
        expressions.eval(e.b());
        if (e.op >= 0x3c) code.l2i();
        switch (e.op) {
            case 0x36, 0x3e -> put("putInt", CD_int);
            case 0x37 -> put("putLong", CD_long);
            case 0x38 -> put("putFloat", CD_float);
            case 0x39 -> put("putDouble", CD_double);
            case 0x3a, 0x3c -> {
                code.i2b();
                put("putByte", CD_byte);
            }
            default -> {
                code.i2s();
                put("putShort", CD_short);
            }
        }
    }

    private void put(String name, ClassDesc type) {
        code.invokevirtual(
                Symbols.UNSAFE, name, MethodTypeDesc.of(CD_void, CD_Object, CD_long, type));
    }
}
