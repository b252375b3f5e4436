package podium.engine.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import podium.engine.GuestFunction;
import podium.engine.Instance;
import podium.engine.ModuleSource;
import podium.engine.Trap;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.emit.ModuleCompiler;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.runtime.ModuleCode;
import podium.engine.jvm.wasm.ModuleParser;
import podium.engine.jvm.wasm.ModuleValidator;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// Modules that are compiled while they run.
@Timeout(120)
class LazyCodeTest {

    /// Functions of so many bytes have a class of their own each.
    private static final int ALONE = 24_100;

    private static final int NOP = 1;
    private static final int INDIRECT = 0x11;
    private static final int TAIL = 0x12;
    private static final int INDIRECT_TAIL = 0x13;

    private static Code filled(Code code) {
        for (int i = 0; i < ALONE; i++) code.raw(NOP);
        return code;
    }

    /// Functions `f0`, `f1` and so on, which give their number plus the parameter.
    private static byte[] numbers(int count) {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        for (int i = 0; i < count; i++)
            wasm.function("f" + i, type, "", filled(new Code()).get(0).i32(i).add());
        return wasm.assemble();
    }

    /// A module with its parts in sight.
    private record Loaded(LazyCode code, JvmModule module) {

        static Loaded of(byte[] bytes) {
            return of(bytes, null, null);
        }

        /// @param compiler of classes, or null for the real one
        static Loaded of(
                byte[] bytes,
                @Nullable IntFunction<byte[]> compiler,
                LazyCode.@Nullable Keeper keeper) {
            return of(bytes, compiler, Map.of(), keeper);
        }

        static Loaded of(
                byte[] bytes,
                @Nullable IntFunction<byte[]> compiler,
                Map<String, byte[]> known,
                LazyCode.@Nullable Keeper keeper) {
            var real = compiler(bytes);
            var all = new HashMap<>(known);
            all.putAll(real.others(true));
            var code =
                    new LazyCode(
                            "lazy",
                            real.names(),
                            compiler == null ? real::compile : compiler,
                            all,
                            keeper);
            var layout = real.layout();
            var loaded =
                    new ModuleCode(layout.module(), layout, new CodeLoader(code), null, _ -> -1);
            return new Loaded(code, new JvmModule("lazy", "0", loaded, false));
        }

        static ModuleCompiler compiler(byte[] bytes) {
            var compiler = unvalidated(bytes);
            compiler.validate(ModuleValidator.validate(ModuleParser.parse(bytes)));
            return compiler;
        }

        static ModuleCompiler unvalidated(byte[] bytes) {
            var module = ModuleParser.parse(bytes);
            return new ModuleCompiler(
                    module,
                    new Layout(module, null),
                    new ModuleCompiler.Options(7_800, Manner.DEEP, null, null, false, _ -> true));
        }

        Instance instance() throws Exception {
            return module.instantiate(_ -> null, null);
        }
    }

    private static @Nullable Object call(Instance instance, String name, Object... arguments) {
        return ((GuestFunction) instance.export(name)).call(arguments);
    }

    /// What was kept. The last class may be there a little before all are.
    private static final class Kept implements LazyCode.Keeper {

        private final CompletableFuture<Map<String, byte[]>> all = new CompletableFuture<>();
        private @Nullable Map<String, byte[]> some;

        @Override
        public void keepAll(Map<String, byte[]> classes) {
            assertTrue(all.complete(classes));
        }

        @Override
        public void keepSome(Map<String, byte[]> classes) {
            assertNull(some);
            some = classes;
        }
    }

    @Test
    void compilesWhatIsCalled() throws Exception {
        var kept = new Kept();
        var loaded = Loaded.of(numbers(3), null, kept);
        try (var instance = loaded.instance()) {
            assertEquals(3, loaded.code.left());
            for (int i = 0; i < 2; i++) {
                assertEquals(41, call(instance, "f1", 40));
                assertEquals(2, loaded.code.left());
            }
            assertTrue(!kept.all.isDone());
            loaded.code.compileAll(Runnable::run);
            assertEquals(0, loaded.code.left());
            assertEquals(Set.of("wasm.Code0", "wasm.Code1", "wasm.Code2"), kept.all.get().keySet());
            assertEquals(42, call(instance, "f2", 40));
            loaded.code.leaveOff();
            assertNull(kept.some);
        }
    }

    /// The names of functions' classes.
    private static Set<String> functions(Map<String, byte[]> classes) {
        var names = new HashSet<>(classes.keySet());
        names.removeIf(name -> !name.startsWith("wasm.Code"));
        return names;
    }

    @Test
    void goesOnWhereItLeftOff() throws Exception {
        var bytes = numbers(3);
        var kept = new Kept();
        var first = Loaded.of(bytes, null, kept);
        try (var instance = first.instance()) {
            assertEquals(41, call(instance, "f1", 40));
        }
        first.code.leaveOff();
        var known = kept.some;
        assertNotNull(known);
        assertEquals(Set.of("wasm.Code1"), functions(known));
        assertTrue(known.containsKey("wasm.State"));
        var real = Loaded.compiler(bytes);
        var compiled = new ArrayList<Integer>();
        IntFunction<byte[]> noting =
                number -> {
                    compiled.add(number);
                    return real.compile(number);
                };
        var more = new Kept();
        var second = Loaded.of(bytes, noting, known, more);
        second.code.leaveOff();
        assertNull(more.some, "nothing new");
        try (var instance = second.instance()) {
            assertEquals(41, call(instance, "f1", 40));
            assertEquals(42, call(instance, "f2", 40));
        }
        assertEquals(List.of(2), compiled);
        second.code.leaveOff();
        assertNotNull(more.some);
        assertEquals(Set.of("wasm.Code1", "wasm.Code2"), functions(more.some));
        second.code.compileAll(Runnable::run);
        assertEquals(List.of(2, 0), compiled);
        assertEquals(3, more.all.get().size());
    }

    @Test
    void compilesOnceForAllThreads() throws Exception {
        int classes = 6;
        int threads = 4;
        var bytes = numbers(classes);
        var real = Loaded.compiler(bytes);
        var compiled = new AtomicIntegerArray(classes);
        var loaded =
                Loaded.of(
                        bytes,
                        number -> {
                            compiled.incrementAndGet(number);
                            return real.compile(number);
                        },
                        null);
        var together = new CyclicBarrier(threads + 1);
        var tasks = new ArrayList<Callable<Integer>>();
        for (int t = 0; t < threads; t++) {
            int first = t;
            tasks.add(
                    () -> {
                        try (var instance = loaded.instance()) {
                            together.await();
                            int sum = 0;
                            for (int i = 0; i < classes; i++)
                                sum += (int) call(instance, "f" + (first + i) % classes, 0);
                            return sum;
                        }
                    });
        }
        tasks.add(
                () -> {
                    together.await();
                    loaded.code.compileAll(Runnable::run);
                    return 15;
                });
        try (var executor = Executors.newFixedThreadPool(threads + 1)) {
            for (var future : executor.invokeAll(tasks)) assertEquals(15, future.get());
        }
        for (int i = 0; i < classes; i++) assertEquals(1, compiled.get(i), "class " + i);
    }

    /// The first call of a function by one that left nearly nothing of the stack.
    @Test
    void compilesAtTheEndOfTheStack() throws Exception {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        var down = new Code().get(0).raw(0x04, 0x7f).get(0).i32(1).sub().call(0);
        wasm.function("down", type, "", down.raw(0x05).i32(4711).call(1).end());
        wasm.function("first", type, "", filled(new Code()).get(0));
        var bytes = wasm.assemble();
        int fits = 0;
        int exceeds = 10_000_000;
        while (exceeds - fits > 1) {
            int depth = fits + (exceeds - fits) / 2;
            var loaded = Loaded.of(bytes);
            try (var instance = loaded.instance()) {
                try {
                    assertEquals(4711, call(instance, "down", depth));
                    fits = depth;
                } catch (Trap e) {
                    assertEquals(Trap.Kind.STACK_OVERFLOW, e.kind());
                    exceeds = depth;
                }
                assertEquals(4711, call(instance, "down", 0), "depth " + depth);
                assertEquals(0, loaded.code.left());
            }
        }
        assertTrue(fits > 1_000, "depth " + fits);
    }

    @Test
    void whatCannotBeCompiledIsATrap() throws Exception {
        var kept = new Kept();
        var bytes = numbers(2);
        var real = Loaded.compiler(bytes);
        var loaded =
                Loaded.of(
                        bytes,
                        number -> {
                            if (number == 1) throw new TooComplex("function f1: too large");
                            return real.compile(number);
                        },
                        kept);
        try (var instance = loaded.instance()) {
            loaded.code.compileAll(Runnable::run);
            assertTrue(!kept.all.isDone());
            for (int i = 0; i < 2; i++) {
                var trap = assertThrows(Trap.class, () -> call(instance, "f1", 0));
                assertEquals(Trap.Kind.LIMIT, trap.kind());
                assertEquals("function f1: too large", trap.getCause().getMessage());
                assertEquals(1, call(instance, "f0", 1));
            }
        }
    }

    @Test
    void wantOfMemoryPasses() throws Exception {
        var bytes = numbers(1);
        var real = Loaded.compiler(bytes);
        var attempts = new AtomicInteger();
        var loaded =
                Loaded.of(
                        bytes,
                        number -> {
                            if (attempts.incrementAndGet() < 3) throw new OutOfMemoryError("test");
                            return real.compile(number);
                        },
                        null);
        try (var instance = loaded.instance()) {
            loaded.code.compileAll(Runnable::run);
            var trap = assertThrows(Trap.class, () -> call(instance, "f0", 0));
            assertEquals(Trap.Kind.OUT_OF_MEMORY, trap.kind());
            assertEquals(5, call(instance, "f0", 5));
            assertEquals(3, attempts.get());
        }
    }

    @Test
    void waitsOnAnInterruptedThread() throws Exception {
        try (var instance = Loaded.of(numbers(1)).instance()) {
            Thread.currentThread().interrupt();
            assertEquals(5, call(instance, "f0", 5));
            assertTrue(Thread.interrupted());
        }
    }

    /// Nobody has the module any more.
    @Test
    void givesUpWithTheModule() throws Exception {
        var background = new ArrayList<Runnable>();
        var compiled = new AtomicInteger();
        var code = dropped(background, compiled);
        for (int i = 0; i < 100 && code.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertNull(code.get());
        background.forEach(Runnable::run);
        assertEquals(0, compiled.get());
    }

    private static WeakReference<LazyCode> dropped(
            List<Runnable> background, AtomicInteger compiled) {
        var loaded =
                Loaded.of(
                        numbers(2),
                        _ -> {
                            compiled.incrementAndGet();
                            return new byte[0];
                        },
                        null);
        loaded.code.compileAll(background::add);
        return new WeakReference<>(loaded.code);
    }

    // ---- the engine's threads

    @TempDir Path folder;

    /// A module that takes long to compile.
    private static ModuleSource heavy() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        for (int f = 0; f < 200; f++) {
            var body = new Code();
            for (int i = 0; i < 1_500; i++) body.get(0).begin(4).get(0).i32(i).add().set(0).end();
            wasm.function("f" + f, type, "", body.get(0));
        }
        return ModuleSource.of("heavy", wasm.assemble());
    }

    private static Set<Thread> background() {
        var threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread -> !thread.getName().startsWith("wasm-background"));
        return threads;
    }

    @Test
    void endsWithTheEngine() throws Exception {
        var before = background();
        var background = new Background();
        var cache = new CodeCache(folder.resolve("code"), 1L << 30);
        var engine = new JvmEngine(7_800, cache, 0, background);
        var source = heavy();
        try (var instance = engine.load(source).instantiate(_ -> null, null)) {
            assertNotNull(call(instance, "f0", 1));
            var own = background();
            own.removeAll(before);
            assertEquals(Math.max(1, Runtime.getRuntime().availableProcessors() - 1), own.size());
            engine.stop();
            for (var thread : own) assertTrue(thread.join(Duration.ofSeconds(20)));
            var begun = cache.get(source.sha256(), false);
            assertNotNull(begun);
            assertTrue(!begun.isComplete());
            assertTrue(begun.classes().containsKey("wasm.Code0"));
            // What was loaded works on, and so does the engine.
            assertNotNull(call(instance, "f199", 1));
        }
        try (var instance = engine.load(source).instantiate(_ -> null, null)) {
            assertNotNull(call(instance, "f7", 1));
        }
        var more = background();
        more.removeAll(before);
        assertEquals(Set.of(), more);
        try (var instance =
                new JvmEngine(7_800, cache, 0, Runnable::run)
                        .load(source)
                        .instantiate(_ -> null, null)) {
            assertNotNull(call(instance, "f7", 1));
        }
        var whole = cache.get(source.sha256(), false);
        assertNotNull(whole);
        assertTrue(whole.isComplete());
    }

    /// Calls in all the ways that validation notes.
    @Test
    void compilesTheSameWithWhatAnotherFound() throws Exception {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int pair = wasm.type("", "ii");
        wasm.table(1, 1);
        wasm.function("f0", type, "", new Code().get(0).i32(0).op(INDIRECT, type, 0));
        wasm.function("f1", type, "", new Code().get(0).op(TAIL, 0));
        wasm.function("f2", type, "", new Code().get(0).i32(0).op(INDIRECT_TAIL, type, 0));
        wasm.function("f3", pair, "", new Code().i32(3).i32(4));
        var first = Loaded.compiler(wasm.assemble());
        var code = first.compile(0);
        var second = Loaded.unvalidated(wasm.assemble());
        second.resume(first.progress());
        assertSame(first.others(true), second.others(true));
        // nothing is compiled yet by the second: it must know which fields the first has used
        assertSame(first.others(false), second.others(false));
        assertArrayEquals(code, second.compile(0));
    }

    private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, bytes) -> assertArrayEquals(bytes, actual.get(name), name));
    }

    /// `f0` hands over values, which takes fields of the State class; others do not.
    private static byte[] handsOver() {
        var wasm = new WasmAssembler();
        int pair = wasm.type("", "ii");
        int number = wasm.type("i", "i");
        int two = wasm.function(pair, "", new Code().i32(3).i32(4));
        wasm.function("f0", number, "", filled(new Code()).call(two).add().get(0).add());
        wasm.function("f1", number, "", filled(new Code()).get(0));
        return wasm.assemble();
    }

    @Test
    void handsOverWhatIsKnownFromAnotherTime() throws Exception {
        var cache = new CodeCache(folder.resolve("code"), 1L << 30);
        var source = ModuleSource.of("hands over", handsOver());
        var begun = new JvmEngine(7_800, cache, 0, _ -> {});
        try (var instance = begun.load(source).instantiate(_ -> null, null)) {
            assertEquals(12, call(instance, "f0", 5));
        }
        begun.stop();
        var some = cache.get(source.sha256(), false);
        assertNotNull(some);
        assertTrue(!some.isComplete());
        for (int i = 0; i < 2; i++) {
            var engine = new JvmEngine(7_800, cache, 0, Runnable::run);
            try (var instance = engine.load(source).instantiate(_ -> null, null)) {
                assertEquals(13, call(instance, "f0", 6));
                assertEquals(7, call(instance, "f1", 7));
            }
            var all = cache.get(source.sha256(), false);
            assertNotNull(all);
            assertTrue(all.isComplete());
        }
    }

    /// Threads end by themselves, and begin again.
    @Test
    void keepsInTheBackground() throws Exception {
        var cache = new CodeCache(folder.resolve("code"), 1L << 30);
        try (var background = new Background()) {
            for (int count = 2; count < 4; count++) {
                var source = ModuleSource.of("numbers", numbers(count));
                new JvmEngine(7_800, cache, 0, background).load(source);
                var code = cache.get(source.sha256(), false);
                for (int i = 0; i < 600 && code == null; i++) {
                    Thread.sleep(50);
                    code = cache.get(source.sha256(), false);
                }
                assertNotNull(code);
                assertInstanceOf(byte[].class, code.classes().get("wasm.Code" + (count - 1)));
            }
        }
    }
}
