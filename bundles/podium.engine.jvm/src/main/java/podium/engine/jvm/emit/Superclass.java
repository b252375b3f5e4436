package podium.engine.jvm.emit;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/// What a class is one of.
final class Superclass {

    private Superclass() {}

    /// Adds a superclass to a class, and a constructor that does nothing else.
    static void add(ClassBuilder type, ClassDesc superclass) {
        type.withSuperclass(superclass);
        type.withMethodBody(
                ConstantDescs.INIT_NAME,
                ConstantDescs.MTD_void,
                ClassFile.ACC_PUBLIC,
                code ->
                        code.aload(0)
                                .invokespecial(
                                        superclass, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                .return_());
    }
}
