package podium.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import podium.engine.Engine;
import podium.engine.jvm.JvmEngine;

/// The engines by their names, outside of a container.
public final class Engines {

    private Engines() {}

    /// @throws ReflectiveOperationException the engine is not in the class path
    public static Engine named(String name) throws Exception {
        return switch (name) {
            case "jvm" -> new JvmEngine();
            case "v8" -> v8();
            default -> throw new IllegalArgumentException("there is no engine " + name);
        };
    }

    /// It is no part of the build unless somebody asks for it.
    private static Engine v8() throws Exception {
        var library = Files.createTempDirectory("podium-benchmark");
        var constructor =
                Class.forName("podium.engine.v8.V8Engine").getDeclaredConstructor(Path.class);
        constructor.setAccessible(true);
        return (Engine) constructor.newInstance(library);
    }
}
