package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.TreeMap;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.wasm.Signature;

/// Makes the class through which the guest is entered: for each type with referable functions
/// `enterT`, through which the host calls, `linkT`, through which another instance does, and
/// `boxedT`, with boxed arguments. A type with more parameters than a method handle takes has
/// `boxedT` alone.
final class EntryEmitter {

    private final Layout layout;
    private final Demands demands;

    EntryEmitter(Layout layout, Demands demands) {
        this.layout = layout;
        this.demands = demands;
    }

    byte[] emit() {
        return ClassFile.of()
                .build(
                        layout.entries(),
                        type -> {
                            type.withFlags(
                                    ClassFile.ACC_PUBLIC
                                            | ClassFile.ACC_FINAL
                                            | ClassFile.ACC_SUPER);
                            for (int t = 0; t < layout.signatures().size(); t++)
                                if (layout.firstOrdinal(t) != layout.endOrdinal(t))
                                    entries(type, t);
                            callByType(type);
                        });
    }

    private void entries(ClassBuilder type, int canonicalType) {
        var signature = layout.signatures().get(canonicalType);
        boolean direct = !CallingConvention.of(signature).usesFields();
        if (direct) {
            entry(type, canonicalType, "enter", "escaped");
            entry(type, canonicalType, "link", "linked");
        }
        type.withMethodBody(
                "boxed" + canonicalType,
                BOXED,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    if (direct) boxed(code, canonicalType, signature);
                    else boxedFields(code, canonicalType, signature);
                });
    }

    private static MethodTypeDesc descriptor(ClassDesc state, Signature signature) {
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(state);
        parameters.add(CD_int);
        for (char c : signature.parameters().toCharArray()) parameters.add(Symbols.hostType(c));
        return MethodTypeDesc.of(Border.hostResult(signature), parameters);
    }

    private void entry(ClassBuilder type, int canonicalType, String name, String failure) {
        var signature = layout.signatures().get(canonicalType);
        type.withMethodBody(
                name + canonicalType,
                descriptor(layout.state, signature),
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    var border = new Border(code, demands);
                    var arguments = border.inLocals(signature, 2);
                    enter(
                            code,
                            canonicalType,
                            failure,
                            () -> border.pass(signature, arguments),
                            () -> border.returnToHost(signature));
                });
    }

    /// Calls the function whose ordinal is in slot 1.
    private void enter(
            CodeBuilder code,
            int canonicalType,
            String failure,
            Runnable passArguments,
            Runnable returnResult) {
        int saved = code.allocateLocal(TypeKind.INT);
        code.aload(Frame.STATE);
        code.invokestatic(Symbols.CONTROL, "enter", MethodTypeDesc.of(CD_int, Symbols.STATE));
        code.istore(saved);
        var start = code.newBoundLabel();
        code.aload(Frame.STATE);
        passArguments.run();
        code.iload(1);
        code.iload(saved);
        code.invokestatic(
                layout.dispatchers(),
                DispatchEmitter.callName(canonicalType),
                layout.descriptor(layout.signatures().get(canonicalType), 'I'));
        var end = code.newBoundLabel();
        restore(code, saved);
        returnResult.run();
        var caught = code.newBoundLabel();
        restore(code, saved);
        code.aload(Frame.STATE);
        code.invokestatic(
                Symbols.CONTROL,
                failure,
                MethodTypeDesc.of(CD_Throwable, CD_Throwable, Symbols.STATE));
        code.athrow();
        code.exceptionCatch(start, end, caught, CD_Throwable);
    }

    private static void restore(CodeBuilder code, int saved) {
        code.aload(Frame.STATE);
        code.iload(saved);
        code.putfield(Symbols.STATE, "stack", CD_int);
    }

    // ---- boxed

    private static final MethodTypeDesc BOXED =
            MethodTypeDesc.of(CD_Object, Symbols.STATE, CD_int, CD_Object.arrayType());

    /// Enters with boxed arguments and gives back a boxed result, so that a call by the host needs
    /// no
    /// method handle.
    private void boxed(CodeBuilder code, int canonicalType, Signature signature) {
        var border = new Border(code, demands);
        var arguments = border.inArray(signature, 2);
        code.aload(Frame.STATE);
        code.checkcast(layout.state);
        code.iload(1);
        for (int i = 0; i < signature.parameters().length(); i++) arguments.load(i);
        code.invokestatic(
                layout.entries(), "enter" + canonicalType, descriptor(layout.state, signature));
        var results = signature.results();
        if (results.isEmpty()) code.aconst_null();
        else if (results.length() == 1) border.box(results.charAt(0));
        code.areturn();
    }

    /// The same where some arguments go to fields.
    private void boxedFields(CodeBuilder code, int canonicalType, Signature signature) {
        var border = new Border(code, demands);
        code.aload(Frame.STATE);
        code.checkcast(layout.state);
        code.astore(Frame.STATE);
        enter(
                code,
                canonicalType,
                "escaped",
                () -> border.pass(signature, border.inArray(signature, 2)),
                () -> border.returnBoxed(signature.results()));
    }

    static final MethodTypeDesc CALL =
            MethodTypeDesc.of(CD_Object, Symbols.STATE, CD_Object.arrayType(), CD_int, CD_int);

    /// `call(State, arguments, ordinal, type)`: the `boxedT` of a type known only at run time.
    private void callByType(ClassBuilder type) {
        type.withMethodBody(
                "call",
                CALL,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    var otherwise = code.newLabel();
                    var labels = new TreeMap<Integer, Label>();
                    for (int t = 0; t < layout.signatures().size(); t++)
                        if (layout.firstOrdinal(t) != layout.endOrdinal(t))
                            labels.put(t, code.newLabel());
                    code.iload(3);
                    code.lookupswitch(
                            otherwise,
                            labels.entrySet().stream()
                                    .map(e -> SwitchCase.of(e.getKey(), e.getValue()))
                                    .toList());
                    labels.forEach(
                            (t, label) -> {
                                code.labelBinding(label);
                                code.aload(0).iload(2).aload(1);
                                code.invokestatic(layout.entries(), "boxed" + t, BOXED);
                                code.areturn();
                            });
                    code.labelBinding(otherwise);
                    code.invokestatic(
                            Symbols.CONTROL,
                            "noSuchOrdinal",
                            MethodTypeDesc.of(ClassDesc.of("java.lang.RuntimeException")));
                    code.athrow();
                });
    }
}
