package podium.engine.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import podium.engine.Engine;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.jvm.wasm.ModuleParser;
import podium.testkit.EngineContract;

/// The contract, where what is kept of each module that was compiled while it ran, in whatever
/// order, is what is made when all of it is compiled at once.
class KeptCodeTest extends EngineContract {

    @TempDir static Path folder;

    @Override
    protected Engine engine() {
        return new Keeping(new CodeCache(folder, 1L << 30));
    }

    private static final class Keeping extends OtherForm {

        /// So that functions are divided, and built several times.
        private static final int METHOD_SIZE = 200;

        private final CodeCache cache;

        Keeping(CodeCache cache) {
            super(new JvmEngine());
            this.cache = cache;
        }

        @Override
        public Module load(ModuleSource source) throws ModuleException {
            var background = new ArrayList<Runnable>();
            var keeping = new JvmEngine(METHOD_SIZE, cache, 0, background::add);
            var module = keeping.load(source);
            background.reversed().forEach(Runnable::run);
            try {
                var parsed = ModuleParser.parse(source.bytes());
                var atOnce = keeping.prepare(parsed, null, false, JvmEngine.ALL);
                assertEqual(atOnce, cache.get(source.sha256(), false));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return module;
        }

        private static void assertEqual(PreparedCode expected, PreparedCode kept) {
            assertNotNull(kept);
            assertArrayEquals(expected.skeleton(), kept.skeleton());
            assertEquals(
                    List.copyOf(expected.classes().keySet()), List.copyOf(kept.classes().keySet()));
            expected.classes()
                    .forEach((name, bytes) -> assertArrayEquals(bytes, kept.classes().get(name)));
        }
    }
}
