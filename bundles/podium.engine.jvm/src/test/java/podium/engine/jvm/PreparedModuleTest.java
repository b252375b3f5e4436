package podium.engine.jvm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import podium.engine.Engine;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.testkit.EngineContract;

/// The contract with modules that were compiled ahead, whose binaries nobody has any more.
class PreparedModuleTest extends EngineContract {

    @Override
    protected Engine engine() {
        return ahead();
    }

    /// An engine that compiles ahead and forgets the binary.
    static Engine ahead() {
        return new Ahead(new JvmEngine());
    }

    private static final class Ahead extends OtherForm {

        Ahead(JvmEngine engine) {
            super(engine);
        }

        @Override
        public Module load(ModuleSource source) throws ModuleException {
            var out = new ByteArrayOutputStream();
            try {
                engine.prepare(source, null, out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return engine.load(new Prepared(source, out.toByteArray()));
        }
    }

    private record Prepared(ModuleSource source, byte[] form) implements ModuleSource {

        @Override
        public String name() {
            return source.name();
        }

        @Override
        public String sha256() {
            return source.sha256();
        }

        @Override
        public byte[] bytes() {
            throw new AssertionError("the binary is not needed");
        }

        @Override
        public InputStream prepared(String engine) {
            return new ByteArrayInputStream(form);
        }
    }
}
