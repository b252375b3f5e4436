package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import podium.syscall.CString;
import podium.syscall.Export;
import podium.syscall.GuestMemory;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.Utf8;

/// What every [SyscallFamily] promises by its shape: that a kernel can bind all its exports. A
/// family's test is a subclass that makes one.
public abstract class FamilyContract {

    private static final String LINUX = "linux";

    /// Arguments of a Linux system call.
    private static final int REGISTERS = 6;

    private static final Set<Class<?>> NUMBERS =
            Set.of(int.class, long.class, float.class, double.class);

    /// A new family.
    protected abstract SyscallFamily family();

    /// The names it is to export, at least.
    protected abstract Set<String> names();

    private List<Method> exports() {
        var exports = new ArrayList<Method>();
        for (var method : family().getClass().getMethods())
            if (method.isAnnotationPresent(Export.class)) exports.add(method);
        return exports;
    }

    private static String name(Method method) {
        var name = method.getAnnotation(Export.class).value();
        return name.isEmpty() ? method.getName() : name;
    }

    @Test
    void theModuleIsNamedAndConstant() {
        var family = family();
        assertFalse(family.module().isEmpty());
        assertEquals(family.module(), family.module());
        assertEquals(family.module(), family().module());
    }

    @Test
    void exportsAreThereOnceEach() {
        var seen = new HashSet<String>();
        for (var method : exports())
            assertTrue(seen.add(name(method)), () -> name(method) + " is exported twice");
        var missing = new HashSet<>(names());
        missing.removeAll(seen);
        assertEquals(Set.of(), missing);
    }

    @Test
    void exportsAreDeclaredPublicInTheFamilyItself() {
        for (Class<?> c = family().getClass(); c != Object.class; c = c.getSuperclass())
            for (var method : c.getDeclaredMethods())
                if (method.isAnnotationPresent(Export.class))
                    assertTrue(
                            java.lang.reflect.Modifier.isPublic(method.getModifiers()),
                            () -> method + " cannot be called");
    }

    @TestFactory
    Stream<DynamicTest> everyExportCanBeBound() {
        return exports().stream()
                .map(method -> DynamicTest.dynamicTest(name(method), () -> check(method)));
    }

    private void check(Method method) {
        int words = 0;
        for (var parameter : method.getParameters()) {
            var type = parameter.getType();
            if (type == Task.class || type == GuestMemory.class) continue;
            if (type == ByteBuffer.class) words += 2;
            else if (type == String.class) {
                boolean utf8 = parameter.isAnnotationPresent(Utf8.class);
                boolean terminated = parameter.isAnnotationPresent(CString.class);
                assertTrue(utf8 != terminated, () -> parameter + " is one of @Utf8 and @CString");
                words += utf8 ? 2 : 1;
            } else {
                assertTrue(NUMBERS.contains(type), () -> "no guest can give a " + type);
                words++;
            }
        }
        var result = method.getReturnType();
        assertTrue(NUMBERS.contains(result) || result == void.class, "no guest takes " + result);
        if (family().module().equals(LINUX)) checkLinux(method, words);
    }

    private static void checkLinux(Method method, int words) {
        assertEquals(int.class, method.getReturnType(), "a system call returns an int");
        for (var type : method.getParameterTypes())
            assertTrue(
                    !type.isPrimitive() || type == int.class,
                    "a system call takes 64 bits as two ints");
        assertTrue(words <= REGISTERS, "a system call has six arguments, not " + words);
    }
}
