package podium.engine.jvm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.Trap;
import podium.testkit.WasmAssembler;

class CodeCacheTest {

    private static final long LIMIT = 10_000;

    @TempDir Path parent;

    private Path folder;
    private CodeCache cache;

    @BeforeEach
    void make() {
        folder = parent.resolve("code");
        cache = new CodeCache(folder, LIMIT);
    }

    private static String key(int i) {
        return "%064x".formatted(i);
    }

    private static PreparedCode code(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return new PreparedCode(
                new byte[] {1, 2, 3}, Map.of("wasm.Code0", bytes), new byte[0], new byte[0]);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void givesBackWhatWasPut() {
        assertNull(cache.get(key(1), false));
        cache.put(key(1), false, code(100));
        var code = cache.get(key(1), false);
        assertNotNull(code);
        assertArrayEquals(new byte[] {1, 2, 3}, code.skeleton());
        assertArrayEquals(code(100).classes().get("wasm.Code0"), code.classes().get("wasm.Code0"));
        assertNull(cache.get(key(2), false));
        assertNull(cache.get(key(1), true), "code that counts");
        assertNotNull(new CodeCache(folder, LIMIT).get(key(1), false));
    }

    @Test
    void believesNoDamagedFile() throws IOException {
        cache.put(key(1), false, code(100));
        var file = files().getFirst();
        var whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            var bytes = whole.clone();
            bytes[i] ^= 4;
            Files.write(file, bytes);
            assertNull(cache.get(key(1), false), "byte " + i);
            assertEquals(List.of(), files());
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertNull(cache.get(key(1), false), length + " bytes");
        }
        Files.write(file, whole);
        assertNotNull(cache.get(key(1), false));
        Files.move(file, folder.resolve(key(2) + ".code"));
        assertNull(cache.get(key(2), false), "another's");
    }

    @Test
    void removesWhatWasNotUsedForLongest() throws IOException {
        for (int i = 0; i < 3; i++) {
            cache.put(key(i), false, code(3_000));
            Files.setLastModifiedTime(
                    folder.resolve(key(i) + ".code"), FileTime.fromMillis(1_000_000L * (i + 1)));
        }
        assertNotNull(cache.get(key(0), false));
        cache.put(key(3), false, code(3_000));
        assertNull(cache.get(key(1), false));
        for (int i : new int[] {0, 2, 3}) assertNotNull(cache.get(key(i), false), "number " + i);
    }

    @Test
    void keepsNothingBeyondTheLimit() throws IOException {
        cache.put(key(1), false, code(100));
        cache.put(key(2), false, code((int) LIMIT));
        assertNull(cache.get(key(2), false));
        assertNotNull(cache.get(key(1), false));
        assertEquals(1, files().size());
    }

    @Test
    void takesNoPathForAKey() throws IOException {
        for (var key : new String[] {"../" + key(1).substring(3), "", key(1) + "0", "x"}) {
            cache.put(key, false, code(10));
            assertNull(cache.get(key, false));
        }
        assertEquals(false, Files.exists(folder));
    }

    @Test
    void doesWithoutAFolder() throws IOException {
        Files.write(folder, new byte[1]);
        cache.put(key(1), false, code(10));
        assertNull(cache.get(key(1), false));
    }

    /// As an engine does it: compiled once, and then neither compiled nor parsed.
    @Test
    void anEngineTakesWhatItKept() throws Throwable {
        var wasm = new WasmAssembler();
        wasm.function("f", wasm.type("", "i"), "", new WasmAssembler.Code().i32(4711));
        var source = ModuleSource.of("kept", wasm.assemble());
        for (int i = 0; i < 2; i++) {
            try (var instance = load(source)) {
                var f = (GuestFunction) instance.export("f");
                assertNotNull(f);
                assertEquals(4711, f.call());
            }
            assertEquals(List.of(folder.resolve(source.sha256() + ".code")), files());
        }
        // Whatever is kept is believed.
        wasm = new WasmAssembler();
        wasm.function("f", wasm.type("", "i"), "", new WasmAssembler.Code().i32(4712));
        var other = ModuleSource.of("other", wasm.assemble());
        load(other).close();
        var code = cache.get(other.sha256(), false);
        assertNotNull(code);
        cache.put(source.sha256(), false, code);
        try (var instance = load(source)) {
            var f = (GuestFunction) instance.export("f");
            assertNotNull(f);
            assertEquals(4712, f.call());
        }
    }

    @Test
    void whatIsKeptTellsPositions() throws Throwable {
        var wasm = new WasmAssembler();
        wasm.function("f", wasm.type("", ""), "", new WasmAssembler.Code().raw(0x01, 0x00));
        var source = ModuleSource.of("trap", wasm.assemble());
        int offset = new String(source.bytes(), ISO_8859_1).indexOf("\4\0\1\0\13") + 3;
        for (int i = 0; i < 2; i++) {
            try (var instance = load(source)) {
                var f = (GuestFunction) instance.export("f");
                assertNotNull(f);
                var trap = assertThrows(Trap.class, () -> f.call());
                assertEquals(List.of(new Trap.Frame(0, "f", offset, null)), trap.frames());
            }
        }
        assertEquals(1, files().size());
    }

    private Instance load(ModuleSource source) throws ModuleException, LinkException {
        return new JvmEngine(7_800, cache, 0, Runnable::run)
                .load(source)
                .instantiate(_ -> null, null);
    }

    /// Several at once, as containers do that share a folder: what is there is whole.
    @Test
    void hammer() throws Exception {
        var tasks = new ArrayList<Callable<Integer>>();
        for (int t = 0; t < 4; t++) {
            var mine = new CodeCache(folder, LIMIT);
            int seed = t;
            tasks.add(
                    () -> {
                        var random = new Random(seed);
                        int found = 0;
                        for (int i = 0; i < 500; i++) {
                            int k = random.nextInt(6);
                            if (random.nextBoolean()) mine.put(key(k), false, code(1_000 + k));
                            var code = mine.get(key(k), false);
                            if (code == null) continue;
                            found++;
                            assertArrayEquals(
                                    code(1_000 + k).classes().get("wasm.Code0"),
                                    code.classes().get("wasm.Code0"));
                        }
                        return found;
                    });
        }
        int found = 0;
        try (var executor = Executors.newFixedThreadPool(4)) {
            for (var future : executor.invokeAll(tasks)) found += future.get();
        }
        assertEquals(true, found > 500, found + " found");
        for (var file : files()) assertEquals(true, file.toString().endsWith(".code"), "" + file);
    }
}
