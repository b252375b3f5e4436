package podium.kernel;

import podium.pod.Limits;
import podium.syscall.Errno;
import podium.syscall.ResourceLimit;

/// A process's resource limits. Thread-safe.
final class ResourceLimits {

    /// RLIMIT_STACK, which libraries take as the size of a thread's stack.
    private static final long STACK = 1 << 20;

    /// What the pod has, beyond which nobody gets.
    private final Limits pod;

    private final ResourceLimit[] limits = new ResourceLimit[ResourceLimit.RESOURCES];

    ResourceLimits(Limits pod) {
        this.pod = pod;
        for (int i = 0; i < limits.length; i++) limits[i] = ResourceLimit.of(greatest(i));
    }

    /// For a child process.
    ResourceLimits(ResourceLimits parent) {
        pod = parent.pod;
        synchronized (parent) {
            System.arraycopy(parent.limits, 0, limits, 0, limits.length);
        }
    }

    private long greatest(int resource) {
        return switch (resource) {
            case ResourceLimit.STACK -> STACK;
            case ResourceLimit.CORE -> 0; // none is ever written
            case ResourceLimit.NPROC -> pod.processes();
            case ResourceLimit.NOFILE -> pod.files();
            case ResourceLimit.AS -> pod.memory();
            default -> ResourceLimit.INFINITY;
        };
    }

    private static void check(int resource) {
        if (resource < 0 || resource >= ResourceLimit.RESOURCES) throw Errno.EINVAL.exception();
    }

    private static boolean isKept(int resource) {
        return resource == ResourceLimit.CPU
                || resource == ResourceLimit.CORE
                || resource == ResourceLimit.NOFILE;
    }

    synchronized ResourceLimit get(int resource) {
        check(resource);
        return limits[resource];
    }

    /// See [podium.syscall.Process#setLimit].
    synchronized void set(int resource, ResourceLimit wanted, boolean privileged) {
        check(resource);
        var now = limits[resource];
        if (wanted.equals(now)) return;
        long most = privileged ? greatest(resource) : now.hard();
        if (!isKept(resource) || Long.compareUnsigned(wanted.hard(), most) > 0)
            throw Errno.EPERM.exception();
        limits[resource] = wanted;
    }

    /// Puts the soft limit of CPU time, which was reached, a second off.
    ///
    /// @return whether it was still the limit
    synchronized boolean putOff(ResourceLimit reached) {
        if (!limits[ResourceLimit.CPU].equals(reached)) return false;
        long later = reached.soft() + 1;
        long hard = reached.hard();
        limits[ResourceLimit.CPU] =
                new ResourceLimit(Long.compareUnsigned(later, hard) < 0 ? later : hard, hard);
        return true;
    }
}
