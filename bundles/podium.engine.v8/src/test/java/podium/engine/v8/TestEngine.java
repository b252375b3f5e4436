package podium.engine.v8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// The engine of all tests, with its library in the build's folder.
final class TestEngine {

    static final V8Engine INSTANCE = make();

    private TestEngine() {}

    private static V8Engine make() {
        try {
            return new V8Engine(Path.of(System.getProperty("podium.native", "target/native")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
