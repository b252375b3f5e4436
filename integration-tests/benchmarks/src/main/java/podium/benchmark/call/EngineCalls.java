package podium.benchmark.call;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.ValueType;
import podium.engine.jvm.JvmEngine;

/// Calls across the border of the engine, no kernel about, in nanoseconds (`src/main/c/border.c`).
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH does it, by way of the method with @Setup
public class EngineCalls {

    private static final int CALLS = 100_000;

    private MethodHandle loop;
    private MethodHandle nothing;
    private int answer;

    @Setup
    public void instantiate()
            throws IOException, ModuleException, LinkException, ReflectiveOperationException {
        var bytes = Files.readAllBytes(Path.of(System.getProperty("podium.benchmark.border")));
        var type = new FunctionType(List.of(ValueType.I32), List.of(ValueType.I32));
        var handle =
                MethodHandles.lookup()
                        .findStatic(EngineCalls.class, "answer", HostFunction.handleType(type));
        var host = new HostFunction(type, handle);
        var module = new JvmEngine().load(ModuleSource.of("border", bytes));
        var instance = module.instantiate(_ -> host, null);
        loop = Objects.requireNonNull(instance.function("loop")).handle();
        nothing = Objects.requireNonNull(instance.function("nothing")).handle();
    }

    @SuppressWarnings("UnusedVariable") // every host function has a context
    static int answer(Object context, int x) {
        return x;
    }

    /// A guest calls the host and gets an answer.
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public int hostCall() throws Throwable {
        return (int) loop.invokeExact(CALLS);
    }

    /// The host calls a guest and gets an answer.
    @Benchmark
    public int guestCall() throws Throwable {
        return answer = (int) nothing.invokeExact(answer);
    }
}
