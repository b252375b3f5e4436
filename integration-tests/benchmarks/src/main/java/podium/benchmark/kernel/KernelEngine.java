package podium.benchmark.kernel;

import java.util.function.IntSupplier;

/// An engine that can run kernels, ours or somebody else's.
@FunctionalInterface
public interface KernelEngine {

    /// Makes an instance of a module without imports.
    ///
    /// @return its export `run`
    IntSupplier load(String name, byte[] module) throws Exception;
}
