package podium.engine.jvm;

import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.runtime.Internals;

/// Defines one class of specialised code. It falls when nobody uses the code any more, whatever its
/// module does.
final class SpecialisedClass extends ClassLoader {

    private final byte[] bytes;

    /// @param module the loader of the module's classes, whose name stack traces tell
    private SpecialisedClass(CodeLoader module, byte[] bytes) {
        super(module.getName(), module);
        this.bytes = Internals.adapted(bytes);
    }

    static Class<?> define(CodeLoader module, byte[] bytes) {
        try {
            return new SpecialisedClass(module, bytes).loadClass(Layout.SPECIALISED);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.equals(Layout.SPECIALISED)) return super.loadClass(name, resolve);
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
        }
    }
}
