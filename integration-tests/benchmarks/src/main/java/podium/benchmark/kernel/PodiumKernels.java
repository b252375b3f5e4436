package podium.benchmark.kernel;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntSupplier;
import podium.benchmark.Engines;
import podium.engine.Engine;
import podium.engine.ModuleSource;

/// Kernels on an engine of Podium's, without the kernel: `ENGINE ROUNDS MODULE...`.
public final class PodiumKernels {

    private PodiumKernels() {}

    public static void main(String[] arguments) throws Exception {
        var engine = Engines.named(arguments[0]);
        var rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        Kernels.time((name, module) -> load(engine, name, module), rest);
    }

    private static IntSupplier load(Engine engine, String name, byte[] module) throws Exception {
        var instance = engine.load(ModuleSource.of(name, module)).instantiate(_ -> null, null);
        var run = Objects.requireNonNull(instance.function("run")).handle();
        return () -> {
            try {
                return (int) run.invokeExact();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
