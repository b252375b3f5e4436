package podium.engine.jvm;

import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.runtime.Internals;

/// Defines one class of specialised code. It falls when nobody uses the code any more, whatever its
/// module does.
final class SpecialisedClass extends ClassLoader {

    /// @param module the loader of the module's classes, whose name stack traces tell
    private SpecialisedClass(CodeLoader module) {
        super(module.getName(), module);
    }

    static Class<?> define(CodeLoader module, byte[] bytes) {
        var adapted = Internals.adapted(bytes);
        return new SpecialisedClass(module)
                .defineClass(Layout.SPECIALISED, adapted, 0, adapted.length);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        var own = name.equals(Layout.SPECIALISED) ? findLoadedClass(name) : null;
        return own != null ? own : super.loadClass(name, resolve);
    }
}
