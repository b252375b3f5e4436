package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import podium.engine.jvm.emit.TailTargets.Results;
import podium.engine.jvm.emit.TailTargets.Target;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.ir.Expr;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.wasm.Opcodes;

/// Tail calls by trampoline. The code of a function that makes any is in a method `name~t`; to make
/// one it leaves the arguments in fields and the target's number in `State.tail`, and returns. The
/// method `name` calls that and, as long as a number is there, goes on through `tailR`: a loop over
/// the targets with results R. So everybody else calls such a function as any other.
final class TailEmitter {

    /// Bytes of switch and arms in a method.
    private static final int MAX_BYTES = 5_000;

    private final Layout layout;
    private final Demands demands;

    TailEmitter(Layout layout, Demands demands) {
        this.layout = layout;
        this.demands = demands;
    }

    private static String loopName(Results results) {
        return "tail" + results.number();
    }

    private static String stepName(Results results, int part) {
        return "step" + results.number() + "~" + part;
    }

    // ---- in the classes of functions

    /// Leaves the function for the call `call`; a result of the function's type, which does not
    /// count, is still to be returned.
    static void leave(
            CodeBuilder code, Layout layout, Demands demands, ExprEmitter expressions, Expr call) {
        var types = new StringBuilder();
        for (var arg : call.args) {
            code.aload(Frame.STATE);
            expressions.eval(arg);
            types.append(arg.type);
        }
        boolean indirect = call.op == Opcodes.CALL_INDIRECT;
        if (indirect) {
            code.aload(Frame.STATE);
            expressions.eval(call.a());
            types.append('I');
        }
        demands.sequence().storeAll(code, types.toString());
        var tails = demands.tails();
        int number =
                indirect
                        ? tails.indirect(layout.canonicalType(call.index), (int) call.imm)
                        : tails.direct(call.index);
        code.aload(Frame.STATE);
        code.loadConstant(number);
        code.putfield(Symbols.STATE, "tail", CD_int);
    }

    /// Adds the method of a function's name, whose code is elsewhere.
    static void wrapper(ClassBuilder type, Layout layout, Demands demands, FunctionIr function) {
        var convention = CallingConvention.of(function.signature);
        var descriptor = layout.descriptor(function.signature);
        type.withMethodBody(
                layout.methodName(function.function),
                descriptor,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    code.aload(Frame.STATE);
                    int stack = DispatchEmitter.loadParameters(code, convention.inMethod(), 1);
                    code.iload(stack);
                    code.invokestatic(
                            layout.owner(function.function),
                            demands.tails().bodyName(function.function),
                            descriptor);
                    goOn(code, layout, demands, function, stack);
                });
    }

    private static void goOn(
            CodeBuilder code, Layout layout, Demands demands, FunctionIr function, int stack) {
        var results = demands.tails().results(function.signature);
        var kind = Symbols.kind(Layout.resultType(function.signature));
        if (results != null) {
            var done = code.newLabel();
            code.aload(Frame.STATE);
            code.getfield(Symbols.STATE, "tail", CD_int);
            code.ifeq(done);
            drop(code, kind.slotSize());
            code.aload(Frame.STATE);
            code.iload(stack);
            code.invokestatic(
                    layout.tails(),
                    loopName(results),
                    MethodTypeDesc.of(Layout.result(function.signature), layout.state, CD_int));
            code.labelBinding(done);
        }
        code.return_(kind);
    }

    private static void drop(CodeBuilder code, int slots) {
        if (slots == 1) code.pop();
        else if (slots == 2) code.pop2();
    }

    // ---- the class of the loops

    byte[] emit() {
        return ClassFile.of()
                .build(
                        layout.tails(),
                        type -> {
                            type.withFlags(
                                    ClassFile.ACC_PUBLIC
                                            | ClassFile.ACC_FINAL
                                            | ClassFile.ACC_SUPER);
                            for (var results : demands.tails().results()) {
                                loop(type, results);
                                steps(type, results);
                            }
                        });
    }

    private static MethodTypeDesc stepDescriptor(Layout layout, Results results) {
        return MethodTypeDesc.of(
                Layout.result(results.targets().getFirst().signature()),
                layout.state,
                CD_int,
                CD_int);
    }

    private static int perMethod(Results results) {
        int parameters = 0;
        for (var target : results.targets())
            parameters = Math.max(parameters, target.signature().parameters().length());
        return Math.max(1, MAX_BYTES / (20 + 12 * parameters));
    }

    private void method(
            ClassBuilder type,
            String name,
            MethodTypeDesc descriptor,
            java.util.function.Consumer<CodeBuilder> body) {
        type.withMethodBody(
                name, descriptor, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC, body::accept);
    }

    /// `tailR(State, stack)`: takes one step after the other until no number is left.
    private void loop(ClassBuilder type, Results results) {
        var step = stepDescriptor(layout, results);
        var descriptor = MethodTypeDesc.of(step.returnType(), layout.state, CD_int);
        method(
                type,
                loopName(results),
                descriptor,
                code -> {
                    var again = code.newBoundLabel();
                    Polls.look(code);
                    code.aload(Frame.STATE);
                    code.getfield(Symbols.STATE, "tail", CD_int);
                    code.istore(2);
                    code.aload(Frame.STATE);
                    code.iconst_0();
                    code.putfield(Symbols.STATE, "tail", CD_int);
                    step(code, results);
                    var kind =
                            Symbols.kind(
                                    Layout.resultType(results.targets().getFirst().signature()));
                    var done = code.newLabel();
                    code.aload(Frame.STATE);
                    code.getfield(Symbols.STATE, "tail", CD_int);
                    code.ifeq(done);
                    drop(code, kind.slotSize());
                    code.goto_(again);
                    code.labelBinding(done);
                    code.return_(kind);
                });
    }

    /// Calls the part for the number in slot 2; its result stays on the stack.
    private void step(CodeBuilder code, Results results) {
        int per = perMethod(results);
        int parts = (results.targets().size() + per - 1) / per;
        var descriptor = stepDescriptor(layout, results);
        if (parts == 1) {
            code.aload(Frame.STATE).iload(2).iload(1);
            code.invokestatic(layout.tails(), stepName(results, 0), descriptor);
            return;
        }
        var done = code.newLabel();
        code.iload(2);
        code.loadConstant(results.first());
        code.isub();
        code.loadConstant(per);
        code.idiv();
        DispatchEmitter.switchTable(
                code,
                0,
                parts,
                part -> {
                    code.aload(Frame.STATE).iload(2).iload(1);
                    code.invokestatic(layout.tails(), stepName(results, part), descriptor);
                    code.goto_(done);
                });
        code.labelBinding(done);
    }

    /// `stepR~P(State, number, stack)`: calls the target with a number.
    private void steps(ClassBuilder type, Results results) {
        int per = perMethod(results);
        int count = results.targets().size();
        for (int from = 0, part = 0; from < count; from += per, part++) {
            int first = from;
            int end = Math.min(from + per, count);
            method(
                    type,
                    stepName(results, part),
                    stepDescriptor(layout, results),
                    code -> {
                        code.iload(1);
                        DispatchEmitter.switchTable(
                                code,
                                results.first() + first,
                                results.first() + end,
                                number ->
                                        arm(code, results.targets().get(number - results.first())));
                    });
        }
    }

    private void arm(CodeBuilder code, Target target) {
        var convention = CallingConvention.of(target.signature());
        var fields = demands.sequence();
        code.aload(Frame.STATE);
        for (char type : convention.inMethod().toCharArray()) {
            code.aload(Frame.STATE);
            fields.load(code, type);
        }
        for (char type : convention.inFields().toCharArray()) {
            code.aload(Frame.STATE);
            code.aload(Frame.STATE);
            fields.load(code, type);
        }
        int index = -1;
        if (target.function() < 0) {
            index = code.allocateLocal(java.lang.classfile.TypeKind.INT);
            code.aload(Frame.STATE);
            fields.load(code, 'I');
            code.istore(index);
        }
        demands.sequence().storeAll(code, convention.inFields());
        if (index >= 0) code.iload(index);
        code.iload(2);
        call(code, target);
        code.return_(Symbols.kind(Layout.resultType(target.signature())));
    }

    private void call(CodeBuilder code, Target target) {
        if (target.function() >= 0)
            code.invokestatic(
                    layout.owner(target.function()),
                    demands.tails().bodyName(target.function()),
                    layout.descriptor(target.signature()));
        else
            code.invokestatic(
                    layout.dispatchers(),
                    DispatchEmitter.tailName(target.type(), target.table()),
                    layout.descriptor(target.signature(), 'I'));
    }

    /// Types and tables of indirect tail calls.
    Iterable<Target> indirect() {
        var found = new ArrayList<Target>();
        for (var results : demands.tails().results())
            for (var target : results.targets()) if (target.function() < 0) found.add(target);
        return found;
    }
}
