package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.wasm.Types;

/// Emits the making of exceptions and the look into them.
final class ExceptionEmitter {

    private final CodeBuilder code;
    private final Layout layout;
    private final Demands demands;
    private final ExprEmitter expressions;

    ExceptionEmitter(CodeBuilder code, Layout layout, Demands demands, ExprEmitter expressions) {
        this.code = code;
        this.layout = layout;
        this.demands = demands;
        this.expressions = expressions;
    }

    void emit(Expr e) {
        switch (e.op) {
            case Expr.TAG_MATCHES -> {
                expressions.state();
                expressions.eval(e.a());
                code.loadConstant(e.index);
                code.invokestatic(
                        Symbols.CONTROL,
                        "matches",
                        MethodTypeDesc.of(CD_boolean, Symbols.STATE, CD_Object, CD_int));
            }
            case Expr.PAYLOAD -> payload(e);
            case Expr.NEW_EXCEPTION -> newException(e);
            default -> {
                expressions.eval(e.a());
                expressions.mark(e);
                code.invokestatic(
                        Symbols.CONTROL,
                        "throwable",
                        MethodTypeDesc.of(Symbols.GUEST_EXCEPTION, CD_Object));
            }
        }
    }

    private void payload(Expr e) {
        expressions.eval(e.a());
        code.loadConstant(e.index);
        char kind = Types.kind(e.type);
        boolean half = e.type == 'L' || e.type == 'H';
        code.invokestatic(
                Symbols.CONTROL,
                "payload" + (half ? e.type : kind),
                MethodTypeDesc.of(Symbols.type(e.type), CD_Object, CD_int));
    }

    private void newException(Expr e) {
        var types = layout.module.tagSignature(e.index).parameters();
        var border = new Border(code, demands);
        expressions.state();
        code.loadConstant(e.index);
        code.loadConstant(types.length());
        code.anewarray(CD_Object);
        for (int i = 0, arg = 0; i < types.length(); i++) {
            char type = types.charAt(i);
            code.dup();
            code.loadConstant(i);
            expressions.eval(e.args[arg++]);
            if (type == 'W') {
                expressions.eval(e.args[arg++]);
                border.joinHalves();
            }
            border.box(type);
            code.aastore();
        }
        code.invokestatic(
                Symbols.CONTROL,
                "exception",
                MethodTypeDesc.of(
                        Symbols.GUEST_EXCEPTION, Symbols.STATE, CD_int, CD_Object.arrayType()));
    }
}
