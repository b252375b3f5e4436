package podium.benchmark.peer.graalwasm;

import java.io.IOException;
import java.util.function.IntSupplier;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.ByteSequence;
import podium.benchmark.kernel.Kernels;

/// Kernels on GraalWasm: `ROUNDS MODULE...`. With its compiler when the JVM is told to use that.
public final class GraalWasm {

    private GraalWasm() {}

    public static void main(String[] arguments) throws Exception {
        try (var context = Context.create("wasm")) {
            // Rather none than one without a compiler, which would be some hundred times slower.
            if (context.getEngine().getImplementationName().equals("Interpreted"))
                throw new IllegalStateException("GraalWasm has no compiler in this JVM");
            Kernels.time((name, module) -> load(context, name, module), arguments);
        }
    }

    private static IntSupplier load(Context context, String name, byte[] module)
            throws IOException {
        var source = Source.newBuilder("wasm", ByteSequence.create(module), name).build();
        var run = context.eval(source).newInstance().getMember("exports").getMember("run");
        return () -> run.execute().asInt();
    }
}
