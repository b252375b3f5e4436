package podium.engine.jvm.emit;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.wasm.VectorOpcodes;

/// Emits what is left of the vector instructions: arithmetic on halves that is more than plain
/// arithmetic on longs.
final class VectorEmitter {

    private final CodeBuilder code;
    private final ExprEmitter expressions;

    VectorEmitter(CodeBuilder code, ExprEmitter expressions) {
        this.code = code;
        this.expressions = expressions;
    }

    /// Calls the run-time library's method of the instruction's name.
    void call(Expr e) {
        var vector = VectorOpcodes.of(e.op & ~Expr.VECTOR);
        var parameters = new ArrayList<ClassDesc>();
        for (var operand : new Expr[] {e.a, e.b, e.c}) {
            if (operand == null) continue;
            expressions.eval(operand);
            parameters.add(Symbols.type(operand.type));
        }
        code.invokestatic(
                Symbols.lanes(vector.shape()),
                vector.methodName(),
                MethodTypeDesc.of(Symbols.type(e.type), parameters));
    }

    /// Moves bytes, see [Expr#BYTES].
    void bytes(Expr e) {
        expressions.eval(e.a());
        int distance = e.index;
        if (distance != 0) code.loadConstant(Math.abs(distance));
        if (distance > 0) code.lshl();
        if (distance < 0) code.lushr();
        long whole = distance > 0 ? -1L << distance : -1L >>> -distance;
        if (e.imm == whole) return;
        code.loadConstant(e.imm);
        code.land();
    }
}
