package podium.engine.jvm;

import podium.engine.Module;
import podium.engine.jvm.emit.Instrumentation;
import podium.engine.jvm.ir.Profile;

/// A module whose instances count the executions of each block.
final class TrainingModule {

    private final JvmModule module;
    private final Instrumentation instrumentation;
    private final long[] counts;

    TrainingModule(JvmModule module, Instrumentation instrumentation) {
        this.module = module;
        this.instrumentation = instrumentation;
        counts = new long[instrumentation.counters()];
        module.count(counts);
    }

    Module module() {
        return module;
    }

    /// What all instances executed so far. Threads that still run may be off by a few counts.
    Profile profile() {
        return instrumentation.profile(counts);
    }
}
