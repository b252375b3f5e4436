package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.wasm.Opcodes;

/// Emits the instructions that are calls of the run-time library: bulk memory, tables, references,
/// atomics.
final class BulkEmitter {

    private final CodeBuilder code;
    private final ExprEmitter expressions;
    private final AccessEmitter access;

    BulkEmitter(CodeBuilder code, ExprEmitter expressions, AccessEmitter access) {
        this.code = code;
        this.expressions = expressions;
        this.access = access;
    }

    void emit(Expr e) {
        switch (e.op) {
            case Opcodes.MEMORY_SIZE -> call(Symbols.BULK, "size", CD_int, e, e.index);
            case Opcodes.MEMORY_GROW -> call(Symbols.BULK, "grow", CD_int, e, e.index);
            case Opcodes.MEMORY_COPY -> {
                if (e.index == 0 && e.imm == 0) call(Symbols.BULK, "copy", CD_void, e);
                else call(Symbols.BULK, "copy", CD_void, e, e.index, (int) e.imm);
            }
            case Opcodes.MEMORY_FILL -> {
                if (e.index == 0) call(Symbols.BULK, "fill", CD_void, e);
                else call(Symbols.BULK, "fill", CD_void, e, e.index);
            }
            case Opcodes.MEMORY_INIT ->
                    call(Symbols.BULK, "init", CD_void, e, e.index, (int) e.imm);
            case Opcodes.DATA_DROP -> call(Symbols.BULK, "drop", CD_void, e, e.index);
            case Opcodes.TABLE_GET -> call(Symbols.TABLES, "get", CD_Object, e, e.index);
            case Opcodes.TABLE_SET -> call(Symbols.TABLES, "set", CD_void, e, e.index);
            case Opcodes.TABLE_SIZE -> call(Symbols.TABLES, "size", CD_int, e, e.index);
            case Opcodes.TABLE_GROW -> call(Symbols.TABLES, "grow", CD_int, e, e.index);
            case Opcodes.TABLE_FILL -> call(Symbols.TABLES, "fill", CD_void, e, e.index);
            case Opcodes.TABLE_COPY ->
                    call(Symbols.TABLES, "copy", CD_void, e, e.index, (int) e.imm);
            case Opcodes.TABLE_INIT ->
                    call(Symbols.TABLES, "init", CD_void, e, e.index, (int) e.imm);
            case Opcodes.ELEM_DROP -> call(Symbols.TABLES, "drop", CD_void, e, e.index);
            case Opcodes.REF_FUNC -> call(Symbols.TABLES, "function", CD_Object, e, e.index);
            default -> atomic(e);
        }
    }

    /// Calls with the State, the operands and the indices.
    private void call(ClassDesc owner, String name, ClassDesc result, Expr e, int... indices) {
        expressions.state();
        var parameters = new java.util.ArrayList<ClassDesc>();
        parameters.add(Symbols.STATE);
        for (var operand : new Expr[] {e.a, e.b, e.c}) {
            if (operand == null) continue;
            expressions.eval(operand);
            parameters.add(Symbols.type(operand.type));
        }
        for (int index : indices) {
            code.loadConstant(index);
            parameters.add(CD_int);
        }
        expressions.mark(e);
        code.invokestatic(owner, name, MethodTypeDesc.of(result, parameters));
    }

    private static final String[] OPERATIONS = {
        "load", "store", "add", "subtract", "and", "or", "xor", "exchange", "compareExchange"
    };

    private void atomic(Expr e) {
        switch (e.op) {
            case Opcodes.ATOMIC_FENCE ->
                    code.invokestatic(Symbols.ATOMICS, "fence", MethodTypeDesc.of(CD_void));
            case Opcodes.ATOMIC_NOTIFY -> {
                expressions.state();
                access.address(e, 2);
                expressions.eval(e.b());
                code.loadConstant(e.index);
                expressions.mark(e);
                code.invokestatic(
                        Symbols.ATOMICS,
                        "notify",
                        MethodTypeDesc.of(CD_int, Symbols.STATE, CD_long, CD_int, CD_int));
            }
            case Opcodes.ATOMIC_WAIT32, Opcodes.ATOMIC_WAIT64 -> {
                boolean wide = e.op == Opcodes.ATOMIC_WAIT64;
                expressions.state();
                access.address(e, wide ? 3 : 2);
                expressions.eval(e.b());
                expressions.eval(e.c());
                code.loadConstant(e.index);
                expressions.mark(e);
                code.invokestatic(
                        Symbols.ATOMICS,
                        wide ? "wait64" : "wait32",
                        MethodTypeDesc.of(
                                CD_int,
                                Symbols.STATE,
                                CD_long,
                                wide ? CD_long : CD_int,
                                CD_long,
                                CD_int));
            }
            default -> atomicAccess(e);
        }
    }

    /// The library has one method for each operation and width, for ints; a long operand of a
    /// narrower access is cut.
    private void atomicAccess(Expr e) {
        int operation = Opcodes.atomicOperation(e.op);
        int log2 = Opcodes.atomicLog2(e.op);
        boolean narrowLong = Opcodes.atomicType(e.op) == 'J' && log2 < 3;
        var type = log2 == 3 ? CD_long : CD_int;
        access.address(e, log2);
        var parameters = new java.util.ArrayList<ClassDesc>();
        parameters.add(CD_long);
        for (var operand : new Expr[] {e.b, e.c}) {
            if (operand == null) continue;
            expressions.eval(operand);
            if (operation == 8 && operand == e.b && (log2 < 2 || narrowLong)) {
                // an expected value that does not fit compares unequal, so it stays wide
                if (!narrowLong) NumericEmitter.unsigned(code);
                parameters.add(CD_long);
                continue;
            }
            if (narrowLong) code.l2i();
            parameters.add(type);
        }
        expressions.mark(e);
        code.invokestatic(
                Symbols.ATOMICS,
                OPERATIONS[operation] + (8 << log2),
                MethodTypeDesc.of(operation == 1 ? CD_void : type, parameters));
        if (operation != 1 && narrowLong) NumericEmitter.unsigned(code);
    }
}
