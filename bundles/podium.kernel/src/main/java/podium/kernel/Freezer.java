package podium.kernel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import podium.engine.Snapshot;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.ProcessSpec;

/// Takes the snapshot that later processes of a program start from: runs its export `_snapshot` and
/// captures what it leaves.
public final class Freezer {

    private static final String EXPORT = "_snapshot";

    private Freezer() {}

    /// Runs a program up to where it can be frozen.
    ///
    /// @throws PodException it does not start, or does not come there; one line for people
    public static Snapshot freeze(Pod pod, ProcessSpec spec)
            throws PodException, InterruptedException {
        var name = spec.arguments().getFirst();
        var taken = new AtomicReference<@Nullable Snapshot>();
        var refusal = new AtomicReference<@Nullable String>();
        var process =
                ((PodView) pod)
                        .pod()
                        .start(
                                spec,
                                _ -> EXPORT,
                                (task, result) -> {
                                    var reason = refusal(task, result);
                                    if (reason == null) taken.set(task.instance().freeze());
                                    refusal.set(reason);
                                });
        int status;
        try {
            status = process.exit().get();
        } catch (ExecutionException e) {
            throw new PodException(name + " was lost: " + e.getMessage(), 1, e);
        }
        var snapshot = taken.get();
        if (snapshot != null) return snapshot;
        var reason = refusal.get() != null ? refusal.get() : process.failure();
        throw new PodException(
                name
                        + " cannot be frozen: "
                        + (reason != null ? reason : "it ended with status " + status));
    }

    /// Why the state is none that can be frozen, or null.
    private static @Nullable String refusal(GuestTask task, @Nullable Object result) {
        if (!(result instanceof Integer status)) return "_snapshot returns no status";
        if (status != 0) return "_snapshot returned " + status;
        var process = task.process();
        if (process.tasks().size() > 1) return "it has threads";
        for (int fd : process.files().open())
            if (fd > 2) return "descriptor " + fd + " is open: " + process.files().get(fd);
        return null;
    }
}
