package podium.syscall;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.pod.NetworkGrants;
import podium.pod.PortalRule;

/// What a pod's processes share. Thread-safe.
public interface PodContext {

    /// The pod's name, which is also its host name at first.
    String name();

    String hostname();

    /// @throws ErrnoException `EINVAL` when longer than 64 bytes
    void setHostname(String hostname);

    /// A living process, or null.
    @Nullable Process process(int pid);

    Collection<? extends Process> processes();

    /// A living task, or null.
    @Nullable Task task(int tid);

    /// Where the guest may connect to outside.
    NetworkGrants network();

    /// The pod's rules for exposing ports.
    List<PortalRule> portals();

    /// State a family keeps for a pod: made at first use, closed with the pod if it is
    /// AutoCloseable. One instance a type.
    <T> T state(Class<T> type, java.util.function.Supplier<T> maker);
}
