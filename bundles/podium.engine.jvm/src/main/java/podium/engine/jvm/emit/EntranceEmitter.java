package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.wasm.Signature;

/// Emits the way from an interpreter into specialised code.
final class EntranceEmitter {

    /// Address and number of the code come before what it takes.
    private static final int OWN_ARGUMENTS = 2;

    private static final MethodTypeDesc FIND =
            MethodTypeDesc.of(CD_Object, Symbols.STATE, CD_int, CD_int, CD_int);

    private final CodeBuilder code;
    private final Layout layout;
    private final Demands demands;
    private final ExprEmitter expressions;

    EntranceEmitter(CodeBuilder code, Layout layout, Demands demands, ExprEmitter expressions) {
        this.code = code;
        this.layout = layout;
        this.demands = demands;
        this.expressions = expressions;
    }

    /// The class that specialised code of an interpreter extends: a call of a virtual method is the
    /// cheapest that Java has to one of many, with as many arguments.
    static byte[] entrance(Layout layout, int function, Signature signature) {
        return ClassFile.of()
                .build(
                        Layout.entrance(function),
                        type -> {
                            type.withFlags(
                                    ClassFile.ACC_PUBLIC
                                            | ClassFile.ACC_ABSTRACT
                                            | ClassFile.ACC_SUPER);
                            Superclass.add(type, CD_Object);
                            type.withMethod(
                                    RegionMethod.entranceName(layout, function),
                                    layout.descriptor(signature),
                                    ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT,
                                    _ -> {});
                        });
    }

    /// @param stack the variable with what is left of the stack budget
    void emit(Expr enter, int stack) {
        var none = code.newLabel();
        var done = code.newLabel();
        expressions.state();
        expressions.eval(enter.args[0]);
        expressions.eval(enter.args[1]);
        code.loadConstant(enter.index);
        code.invokestatic(Symbols.SPECIALISATIONS, "find", FIND);
        code.dup().ifnull(none);
        var entrance = Layout.entrance(enter.index);
        code.checkcast(entrance);
        expressions.state();
        var types = new StringBuilder();
        for (int i = OWN_ARGUMENTS; i < enter.args.length; i++) {
            expressions.eval(enter.args[i]);
            types.append(enter.args[i].type);
        }
        code.iload(stack);
        // results in fields, as there are several
        var type = layout.descriptor(new Signature(types.toString(), ""));
        code.invokevirtual(entrance, RegionMethod.entranceName(layout, enter.index), type);
        code.goto_(done);
        code.labelBinding(none);
        code.pop();
        expressions.state();
        code.iconst_0();
        demands.sequence().store(code, 'I');
        code.labelBinding(done);
    }
}
