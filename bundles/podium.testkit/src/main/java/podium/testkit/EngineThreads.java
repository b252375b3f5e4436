package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Instance;
import podium.engine.MemoryType;

/// Instances on several threads over one shared memory.
abstract class EngineThreads extends EngineFixture {

    private static final int ROUNDS = 50_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.THREADS));
    }

    static Thread start(
            Instance instance,
            AtomicReference<@Nullable Object> result,
            String name,
            int argument) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                result.set(call(instance, name, argument));
                            } catch (Throwable e) {
                                result.set(e);
                            }
                        });
    }

    @Test
    void countsAtomically() throws InterruptedException {
        var module = load(EngineAtomics.module());
        try (var memory = engine().newMemory(new MemoryType(1, 4, true))) {
            var threads = new ArrayList<Thread>();
            var instances = new ArrayList<Instance>();
            var result = new AtomicReference<@Nullable Object>();
            for (int i = 0; i < 3; i++) {
                instances.add(instantiate(module, Map.of("env.memory", memory), null));
                threads.add(start(instances.getLast(), result, "count", ROUNDS));
            }
            for (var thread : threads) assertTrue(thread.join(PATIENCE));
            assertEquals(null, result.get());
            assertEquals(3 * ROUNDS, call(instances.get(0), "load", 0));
            assertEquals(3 * ROUNDS, call(instances.get(1), "load", 8));
            assertEquals((3 * ROUNDS & 0xff) << 24, call(instances.get(2), "load", 4));
            instances.forEach(Instance::close);
        }
    }

    @Test
    void waitsAndNotifies() throws InterruptedException {
        var module = load(EngineAtomics.module());
        try (var memory = engine().newMemory(new MemoryType(1, 4, true));
                var sleeper = instantiate(module, Map.of("env.memory", memory), null);
                var waker = instantiate(module, Map.of("env.memory", memory), null)) {
            var result = new AtomicReference<@Nullable Object>();
            var thread = start(sleeper, result, "wait", 0);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!Integer.valueOf(1).equals(call(waker, "notify", 1))) {
                assertTrue(System.nanoTime() < deadline, "nobody waits");
                Thread.sleep(1);
            }
            assertTrue(thread.join(PATIENCE));
            assertEquals(0, result.get());
        }
    }
}
