package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// Makes the classes at the border: a method for each imported function, which calls its handle;
/// and for each type with
/// referable functions `enterT`, through which the host calls, and `linkT`, through which another
/// instance does.
final class StubEmitter {

    private final Layout layout;
    private final Demands demands;

    StubEmitter(Layout layout, Demands demands) {
        this.layout = layout;
        this.demands = demands;
    }

    /// What a handle at the border returns.
    static ClassDesc hostResult(Signature signature) {
        return signature.results().length() > 1 ? CD_Object.arrayType() : Layout.result(signature);
    }

    /// Returns the result of a handle, on the stack, from the current method; several results go to
    /// fields.
    static void takeResult(CodeBuilder code, Demands demands, Signature signature) {
        var results = signature.results();
        if (results.isEmpty()) {
            code.return_();
        } else if (results.length() == 1) {
            code.return_(Symbols.kind(results.charAt(0)));
        } else {
            int array = code.allocateLocal(java.lang.classfile.TypeKind.REFERENCE);
            code.astore(array);
            var fields = demands.sequence();
            for (int i = 0; i < results.length(); i++) {
                char type = results.charAt(i);
                code.aload(Frame.STATE);
                code.aload(array);
                code.loadConstant(i);
                code.aaload();
                unbox(code, type);
                fields.store(code, type);
            }
            code.return_();
        }
    }

    private static void unbox(CodeBuilder code, char type) {
        if (Types.kind(type) == 'A') return;
        code.invokestatic(
                Symbols.CONTROL, "unbox" + type, MethodTypeDesc.of(Symbols.type(type), CD_Object));
    }

    // ---- imports

    byte[] imports() {
        return ClassFile.of()
                .build(
                        layout.importStubs(),
                        type -> {
                            type.withFlags(
                                    ClassFile.ACC_PUBLIC
                                            | ClassFile.ACC_FINAL
                                            | ClassFile.ACC_SUPER);
                            for (int i = 0; i < layout.module.importedFunctions; i++)
                                importStub(type, i);
                        });
    }

    private void importStub(ClassBuilder type, int function) {
        var signature = layout.module.signature(function);
        type.withMethodBody(
                layout.methodName(function),
                layout.descriptor(signature),
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> callImport(code, function, signature));
    }

    private void callImport(CodeBuilder code, int function, Signature signature) {
        int slots = 1;
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(CD_Object);
        for (char c : signature.parameters().toCharArray()) {
            parameters.add(Symbols.type(c));
            slots += Types.slots(c);
        }
        code.aload(Frame.STATE);
        code.iload(slots);
        code.putfield(Symbols.STATE, "stack", CD_int);
        var start = code.newBoundLabel();
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "imports", CD_MethodHandle.arrayType());
        code.loadConstant(function);
        code.aaload();
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "context", CD_Object);
        DispatchEmitter.loadParameters(code, signature, 1);
        code.invokevirtual(
                CD_MethodHandle,
                "invokeExact",
                MethodTypeDesc.of(hostResult(signature), parameters));
        var end = code.newBoundLabel();
        var on = code.newLabel();
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "interrupted", CD_int);
        code.ifeq(on);
        code.aload(Frame.STATE);
        code.invokestatic(
                Symbols.CONTROL, "interrupted", MethodTypeDesc.of(CD_void, Symbols.STATE));
        code.labelBinding(on);
        takeResult(code, demands, signature);
        var caught = code.newBoundLabel();
        code.invokestatic(
                Symbols.CONTROL, "fromHost", MethodTypeDesc.of(CD_Throwable, CD_Throwable));
        code.athrow();
        code.exceptionCatch(start, end, caught, CD_Throwable);
    }

    // ---- exports

    byte[] entries() {
        return ClassFile.of()
                .build(
                        layout.entries(),
                        type -> {
                            type.withFlags(
                                    ClassFile.ACC_PUBLIC
                                            | ClassFile.ACC_FINAL
                                            | ClassFile.ACC_SUPER);
                            for (int t = 0; t < layout.signatures().size(); t++) {
                                if (layout.firstOrdinal(t) == layout.endOrdinal(t)) continue;
                                entry(type, t, "enter", "escaped");
                                entry(type, t, "link", "linked");
                                boxed(type, t);
                            }
                            callByType(type);
                        });
    }

    private void entry(ClassBuilder type, int canonicalType, String name, String failure) {
        var signature = layout.signatures().get(canonicalType);
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(layout.state);
        parameters.add(CD_int);
        for (char c : signature.parameters().toCharArray()) parameters.add(Symbols.type(c));
        type.withMethodBody(
                name + canonicalType,
                MethodTypeDesc.of(hostResult(signature), parameters),
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> enter(code, canonicalType, signature, failure));
    }

    private void enter(CodeBuilder code, int canonicalType, Signature signature, String failure) {
        int saved = code.allocateLocal(java.lang.classfile.TypeKind.INT);
        code.aload(Frame.STATE);
        code.invokestatic(Symbols.CONTROL, "enter", MethodTypeDesc.of(CD_int, Symbols.STATE));
        code.istore(saved);
        var start = code.newBoundLabel();
        code.aload(Frame.STATE);
        DispatchEmitter.loadParameters(code, signature, 2);
        code.iload(1);
        code.iload(saved);
        code.invokestatic(
                layout.dispatchers(),
                DispatchEmitter.callName(canonicalType),
                layout.descriptor(signature, 'I'));
        var end = code.newBoundLabel();
        restore(code, saved);
        giveResult(code, signature);
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

    /// `boxedT`: enters with boxed arguments and gives back a boxed result, so that a call by the
    /// host needs no method handle.
    private void boxed(ClassBuilder type, int canonicalType) {
        var signature = layout.signatures().get(canonicalType);
        type.withMethodBody(
                "boxed" + canonicalType,
                BOXED,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    code.aload(Frame.STATE);
                    code.checkcast(layout.state);
                    code.iload(1);
                    var parameters = new ArrayList<ClassDesc>();
                    parameters.add(layout.state);
                    parameters.add(CD_int);
                    for (int i = 0; i < signature.parameters().length(); i++) {
                        char c = signature.parameters().charAt(i);
                        code.aload(2);
                        code.loadConstant(i);
                        code.aaload();
                        unbox(code, c);
                        parameters.add(Symbols.type(c));
                    }
                    code.invokestatic(
                            layout.entries(),
                            "enter" + canonicalType,
                            MethodTypeDesc.of(hostResult(signature), parameters));
                    var results = signature.results();
                    if (results.isEmpty()) code.aconst_null();
                    else if (results.length() == 1) ExprEmitter.box(code, results.charAt(0));
                    code.areturn();
                });
    }

    static final MethodTypeDesc BOXED =
            MethodTypeDesc.of(CD_Object, Symbols.STATE, CD_int, CD_Object.arrayType());

    /// `call(State, arguments, ordinal, type)`: the `boxedT` of a type known only at run time.
    private void callByType(ClassBuilder type) {
        type.withMethodBody(
                "call",
                CALL,
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> {
                    var otherwise = code.newLabel();
                    var labels = new java.util.TreeMap<Integer, java.lang.classfile.Label>();
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

    static final MethodTypeDesc CALL =
            MethodTypeDesc.of(CD_Object, Symbols.STATE, CD_Object.arrayType(), CD_int, CD_int);

    private static void restore(CodeBuilder code, int saved) {
        code.aload(Frame.STATE);
        code.iload(saved);
        code.putfield(Symbols.STATE, "stack", CD_int);
    }

    private void giveResult(CodeBuilder code, Signature signature) {
        var results = signature.results();
        if (results.isEmpty()) {
            code.return_();
        } else if (results.length() == 1) {
            code.return_(Symbols.kind(results.charAt(0)));
        } else {
            code.loadConstant(results.length());
            code.anewarray(CD_Object);
            var fields = demands.sequence();
            for (int i = 0; i < results.length(); i++) {
                code.dup();
                code.loadConstant(i);
                code.aload(Frame.STATE);
                fields.load(code, results.charAt(i));
                ExprEmitter.box(code, results.charAt(i));
                code.aastore();
            }
            code.areturn();
        }
    }
}
