package podium.syscall;

/// What a process may use of a resource (getrlimit(2)). Numbers are unsigned.
///
/// @param soft what it may use now
/// @param hard what it may raise the soft limit to
public record ResourceLimit(long soft, long hard) {

    /// No limit (RLIM_INFINITY).
    public static final long INFINITY = -1;

    /// How many resources there are (RLIM_NLIMITS): their numbers are Linux's, from 0 on.
    public static final int RESOURCES = 16;

    /// CPU time, in seconds: SIGXCPU each second from the soft limit on, SIGKILL at the hard one.
    public static final int CPU = 0;

    public static final int STACK = 3;
    public static final int CORE = 4;
    public static final int NPROC = 6;

    /// Descriptors: the least number that is too great.
    public static final int NOFILE = 7;

    public static final int AS = 9;

    /// @throws IllegalArgumentException the soft limit is beyond the hard one
    public ResourceLimit {
        if (Long.compareUnsigned(soft, hard) > 0)
            throw new IllegalArgumentException("a soft limit beyond the hard one");
    }

    /// The same limit, soft and hard.
    public static ResourceLimit of(long both) {
        return new ResourceLimit(both, both);
    }
}
