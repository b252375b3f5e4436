package podium.engine.jvm;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.runtime.Internals;

/// Defines a module's classes as they are needed. Falls with the module.
public final class CodeLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    /// Loaders have names of their own, by which stack traces tell whose code it is.
    private static final AtomicLong NUMBER = new AtomicLong();

    private static final String SUFFIX = ".class";

    private final ClassSource classes;

    public CodeLoader(Map<String, byte[]> classes) {
        this(classes::get);
    }

    CodeLoader(ClassSource classes) {
        super("wasm" + NUMBER.incrementAndGet(), CodeLoader.class.getClassLoader());
        this.classes = classes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("jdk.internal.")) return Class.forName(name, false, null);
        if (!name.startsWith(Layout.PREFIX)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    /// The file of a class, such as `wasm/State.class`.
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        if (!name.endsWith(SUFFIX)) return null;
        var type = name.substring(0, name.length() - SUFFIX.length()).replace('/', '.');
        var bytes = classes.bytes(type);
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    /// Defines a class that is not among the module's, unless it is there.
    void define(String name, Supplier<byte[]> bytes) {
        synchronized (getClassLoadingLock(name)) {
            if (findLoadedClass(name) != null) return;
            var made = bytes.get();
            var unused = defineClass(name, made, 0, made.length);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        var bytes = classes.bytes(name);
        if (bytes == null) throw new ClassNotFoundException(name);
        var adapted = Internals.adapted(bytes);
        return defineClass(name, adapted, 0, adapted.length);
    }
}
