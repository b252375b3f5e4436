package podium.buildtool;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleSource;
import podium.engine.jvm.CodeLoader;
import podium.engine.jvm.PreparedCode;
import podium.engine.jvm.emit.Layout;

/// Calls every large method of a module compiled ahead once, in a JVM that compiles what it calls
/// ([CheckMethods] starts it): `IN.wasm PREPARED LEAST`, the last in bytes of code. Without an
/// instance a method ends at its first look at one.
final class CompileMethods {

    private static final int MAX_MILLISECONDS = 20_000;

    private final CodeLoader loader;
    private final PreparedCode code;
    private final int least;

    private CompileMethods(PreparedCode code, int least) {
        this.code = code;
        this.least = least;
        loader = new CodeLoader(code.classes());
    }

    public static void main(String[] arguments) throws Exception {
        var sha256 = ModuleSource.sha256(Files.readAllBytes(Path.of(arguments[0])));
        PreparedCode code;
        try (var in = new BufferedInputStream(Files.newInputStream(Path.of(arguments[1])))) {
            code = PreparedCode.readFrom(in, sha256);
        }
        if (code == null) throw new IOException(arguments[1] + " was made for something else");
        new CompileMethods(code, Integer.parseInt(arguments[2])).run();
    }

    private void run() throws ReflectiveOperationException, InterruptedException {
        var methods = new ArrayList<Method>();
        for (var bytes : code.classes().values()) {
            var type = ClassFile.of().parse(bytes);
            link(type);
            methods.addAll(methods(type));
        }
        for (var method : methods) call(method);
        System.out.println(methods.size() + CheckMethods.CALLED);
        System.exit(0);
    }

    /// Loads what a class refers to, by its own loader, as running it would: HotSpot inlines
    /// methods of loaded classes only.
    private void link(ClassModel type) throws ClassNotFoundException {
        for (var entry : type.constantPool()) {
            if (!(entry instanceof ClassEntry other) || other.asInternalName().startsWith("["))
                continue;
            var name = other.asInternalName().replace('/', '.');
            if (!name.startsWith(Layout.ENTRANCE)) Class.forName(name, true, loader);
        }
    }

    private List<Method> methods(ClassModel type) throws ClassNotFoundException {
        var large = new HashSet<String>();
        for (var method : type.methods()) {
            var body = method.findAttribute(Attributes.code());
            if (body.isPresent() && body.get().codeLength() >= least)
                large.add(method.methodName().stringValue() + method.methodType().stringValue());
        }
        if (large.isEmpty()) return List.of();
        var name = type.thisClass().asInternalName().replace('/', '.');
        var methods = new ArrayList<Method>();
        for (var method : Class.forName(name, true, loader).getDeclaredMethods())
            if (large.contains(method.getName() + descriptor(method))) methods.add(method);
        return methods;
    }

    private static String descriptor(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .toMethodDescriptorString();
    }

    private static void call(Method method) throws InterruptedException {
        if (!Modifier.isStatic(method.getModifiers()))
            throw new IllegalArgumentException("" + method);
        method.setAccessible(true);
        var types = method.getParameterTypes();
        var arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) arguments[i] = zero(types[i]);
        var thread = new Thread(() -> end(method, arguments), "method");
        thread.setDaemon(true);
        thread.start();
        thread.join(MAX_MILLISECONDS);
        if (thread.isAlive()) System.out.println("does not end: " + method);
    }

    private static void end(Method method, @Nullable Object[] arguments) {
        try {
            method.invoke(null, arguments);
        } catch (InvocationTargetException _) {
            // It was called, and so compiled, which is all that is wanted.
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Object zero(Class<?> type) {
        if (type == int.class) return 0;
        if (type == long.class) return 0L;
        if (type == float.class) return 0f;
        return type == double.class ? (Object) 0d : null;
    }
}
