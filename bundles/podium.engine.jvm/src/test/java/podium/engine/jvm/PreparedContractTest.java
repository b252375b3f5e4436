package podium.engine.jvm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import podium.engine.Engine;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.testkit.EngineContract;

/// The contract with code that was prepared ahead.
class PreparedContractTest extends EngineContract {

    @Override
    protected Engine engine() {
        return new PreparingEngine(new JvmEngine());
    }

    private record PreparingEngine(JvmEngine engine) implements Engine {

        @Override
        public String name() {
            return engine.name();
        }

        @Override
        public Set<Feature> features() {
            return engine.features();
        }

        @Override
        public Memory newMemory(MemoryType type) {
            return engine.newMemory(type);
        }

        @Override
        public Module load(ModuleSource source) throws ModuleException {
            var prepared = new ByteArrayOutputStream();
            try {
                engine.prepare(source, null, prepared);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return new JvmEngine().load(new PreparedSource(source, prepared.toByteArray()));
        }
    }

    private record PreparedSource(ModuleSource source, byte[] code) implements ModuleSource {

        @Override
        public String name() {
            return source.name();
        }

        @Override
        public String sha256() {
            return source.sha256();
        }

        @Override
        public byte[] bytes() throws IOException {
            return source.bytes();
        }

        @Override
        public InputStream prepared(String engine) {
            return new ByteArrayInputStream(code);
        }
    }
}
