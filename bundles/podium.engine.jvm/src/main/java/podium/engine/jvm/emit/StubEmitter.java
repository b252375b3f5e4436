package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;

/// Makes the class of imports: a method for each imported function, which calls its handle.
final class StubEmitter {

    /// What is taken off the stack's budget for the host, should it call the guest again.
    private static final int HOST_FRAMES = 1024;

    private final Layout layout;
    private final Demands demands;

    StubEmitter(Layout layout, Demands demands) {
        this.layout = layout;
        this.demands = demands;
    }

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
        var border = new Border(code, demands);
        int slots = 1;
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(CD_Object);
        for (char c : signature.parameters().toCharArray()) {
            parameters.add(Symbols.hostType(c));
            slots += Types.slots(c);
        }
        code.aload(Frame.STATE);
        code.iload(slots);
        code.loadConstant(HOST_FRAMES);
        code.isub();
        code.putfield(Symbols.STATE, "stack", CD_int);
        var start = code.newBoundLabel();
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "imports", CD_MethodHandle.arrayType());
        code.loadConstant(function);
        code.aaload();
        code.aload(Frame.STATE);
        code.getfield(Symbols.STATE, "context", CD_Object);
        border.loadAsHost(signature.parameters(), 1);
        code.invokevirtual(
                CD_MethodHandle,
                "invokeExact",
                MethodTypeDesc.of(Border.hostResult(signature), parameters));
        var end = code.newBoundLabel();
        Polls.look(code);
        border.returnFromHost(signature);
        var caught = code.newBoundLabel();
        code.invokestatic(
                Symbols.CONTROL, "fromHost", MethodTypeDesc.of(CD_Throwable, CD_Throwable));
        code.athrow();
        code.exceptionCatch(start, end, caught, CD_Throwable);
    }
}
