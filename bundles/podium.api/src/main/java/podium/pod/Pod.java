package podium.pod;

import java.time.Duration;
import java.util.List;
import podium.vfs.FsContext;

/// One isolated machine: a file system namespace, a loopback network, processes. Thread-safe.
public interface Pod extends AutoCloseable {

    String name();

    PodSpec spec();

    /// Starts a program.
    ///
    /// @throws PodException the program is not there or not executable, or the pod is closed
    PodProcess start(ProcessSpec spec) throws PodException;

    /// Starts a module without a `_start`, whose functions the host calls. Its `_initialize`, if it
    /// has one, is run first.
    ///
    /// @throws PodException as [#start]
    Reactor open(ProcessSpec spec) throws PodException;

    /// Runs a program to its end with empty input, and keeps up to 16 MiB of each output.
    ///
    /// @throws PodException as [#start]
    /// @throws InterruptedException the caller was interrupted; the process is killed
    default Result run(String... arguments) throws PodException, InterruptedException {
        return run(ProcessSpec.of(List.of(arguments)), Result.FOREVER);
    }

    /// Runs a program to its end, and keeps up to 16 MiB of each output.
    ///
    /// @param spec of which the outputs are not used
    /// @param timeout after which it is killed; the status is 124 then
    /// @throws PodException as [#start]
    /// @throws InterruptedException the caller was interrupted; the process is killed
    default Result run(ProcessSpec spec, Duration timeout)
            throws PodException, InterruptedException {
        return Result.of(this, spec, timeout);
    }

    /// The living processes, by pid.
    List<PodProcess> processes();

    /// A context for looking at the pod's files from the host, as its superuser, from `/`.
    FsContext files();

    /// What the pod has used so far.
    Usage usage();

    /// Kills its processes, closes its portals and unmounts its files. Waits until that is done.
    /// Idempotent.
    @Override
    void close();

    /// What a pod has used.
    ///
    /// @param memory linear memory of its living processes that is really held, in bytes
    /// @param cpuTime of its guest threads, in nanoseconds
    /// @param systemCalls made
    record Usage(
            int processes,
            int threads,
            int openFiles,
            long memory,
            long cpuTime,
            long systemCalls) {}
}
