package podium.engine.jvm.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import org.junit.jupiter.api.Test;

class InternalsTest {

    private static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");
    private static final ClassDesc PRECONDITIONS = ClassDesc.of("jdk.internal.util.Preconditions");

    /// The tests of the engine run twice, with and without.
    @Test
    void areExportedWhereTheJvmIsToldSo() {
        boolean told = Boolean.parseBoolean(System.getProperty("podium.exports", "true"));
        assertEquals(told, Internals.EXPORTED);
        var unsafe = told ? "jdk.internal.misc.Unsafe" : "sun.misc.Unsafe";
        assertEquals(unsafe, Internals.unsafe().getClass().getName());
    }

    /// Constants of every size lie before and behind the names.
    private static byte[] file(ClassDesc unsafe, ClassDesc preconditions) {
        var none = ConstantDescs.MTD_void;
        return ClassFile.of()
                .build(
                        ClassDesc.of("wasm.Test"),
                        type -> {
                            type.withField("U", unsafe, ClassFile.ACC_STATIC);
                            type.withMethodBody(
                                    "test",
                                    none,
                                    ClassFile.ACC_STATIC,
                                    code -> {
                                        code.loadConstant(1L << 40).pop2();
                                        code.loadConstant(0.1).pop2();
                                        code.loadConstant("jdk/internal").pop();
                                        code.invokestatic(preconditions, "check", none);
                                        code.loadConstant(1_000_000).pop().return_();
                                    });
                        });
    }

    @Test
    void areReplacedByPublicClasses() {
        var adapted = Internals.withPublicNames(file(UNSAFE, PRECONDITIONS));
        var wanted =
                file(
                        ClassDesc.of("sun.misc.Unsafe"),
                        ClassDesc.of("podium.engine.jvm.runtime.Raw"));
        assertArrayEquals(wanted, adapted);
    }

    @Test
    void leaveClassesAloneThatDoWithoutThem() {
        var file = file(ClassDesc.of("a.B"), ClassDesc.of("c.D"));
        assertArrayEquals(file, Internals.withPublicNames(file));
        if (Internals.EXPORTED) assertSame(file, Internals.adapted(file));
    }
}
