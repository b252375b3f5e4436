package podium.benchmark.peer.chicory;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import java.util.function.IntSupplier;
import podium.benchmark.kernel.Kernels;

/// Kernels on Chicory, compiled to bytecode at run time: `ROUNDS MODULE...`.
public final class Chicory {

    private Chicory() {}

    public static void main(String[] arguments) throws Exception {
        Kernels.time((_, module) -> load(module), arguments);
    }

    private static IntSupplier load(byte[] module) {
        var instance =
                Instance.builder(Parser.parse(module))
                        .withMachineFactory(MachineFactoryCompiler::compile)
                        .build();
        var run = instance.export("run");
        return () -> (int) run.apply()[0];
    }
}
