package podium.pod;

/// What a pod may use at most. A guest that reaches a limit gets the errno Linux has for it.
///
/// @param memory linear memory of one process, in bytes; growth beyond fails inside the guest
///     (ENOMEM)
/// @param processes in the pod at once (EAGAIN)
/// @param threads in the pod at once (EAGAIN)
/// @param files descriptors of one process, RLIMIT_NOFILE (EMFILE)
/// @param stack host stack of a process's first thread, in bytes; deeper recursion is a trap
/// @param fuel what all processes of the pod may execute together, in units of
///     [podium.engine.Fuel], about one instruction; who needs more is ended by SIGXCPU.
///     [#NO_FUEL_LIMIT] for as much as they like. With a limit programs are compiled when they are
///     started, which takes seconds for large ones: what was prepared for them does not count
public record Limits(long memory, int processes, int threads, int files, long stack, long fuel) {

    public static final long NO_FUEL_LIMIT = Long.MAX_VALUE;

    public static final Limits DEFAULT =
            new Limits(1L << 30, 64, 256, 1024, 512L << 20, NO_FUEL_LIMIT);

    /// @throws IllegalArgumentException a limit is not positive
    public Limits {
        if (memory <= 0 || processes <= 0 || threads <= 0 || files <= 0 || stack <= 0 || fuel <= 0)
            throw new IllegalArgumentException("limits are positive");
    }

    public Limits withMemory(long memory) {
        return new Limits(memory, processes, threads, files, stack, fuel);
    }

    public Limits withProcesses(int processes) {
        return new Limits(memory, processes, threads, files, stack, fuel);
    }

    public Limits withThreads(int threads) {
        return new Limits(memory, processes, threads, files, stack, fuel);
    }

    public Limits withFiles(int files) {
        return new Limits(memory, processes, threads, files, stack, fuel);
    }

    public Limits withFuel(long fuel) {
        return new Limits(memory, processes, threads, files, stack, fuel);
    }
}
