package podium.vfs;

import java.time.Duration;

/// How a mount is moved to another file system ([MountNamespace#migrate]).
///
/// @param pause how long the last changes may take to copy, which is about how long calls are held:
///     rounds are copied until one takes no longer. More than zero
/// @param limit the longest that calls are held; if the move is not done by then, it fails. Also
///     how long it waits for calls that were begun before. More than zero
/// @param tail the most inodes and names left for the time that calls are held, at least 1
/// @param rounds after so many rounds that were all too long it fails, at least 1. Before that,
///     changes are slowed down
/// @param verify whether all that was copied is read again and compared
public record MigrationPlan(Duration pause, Duration limit, int tail, int rounds, boolean verify) {

    /// 20 ms, 5 s, 1000 inodes and names, 50 rounds, verified.
    public static final MigrationPlan DEFAULT =
            new MigrationPlan(Duration.ofMillis(20), Duration.ofSeconds(5), 1000, 50, true);

    /// @throws IllegalArgumentException one of them is not in its range
    public MigrationPlan {
        if (!pause.isPositive() || !limit.isPositive() || tail < 1 || rounds < 1)
            throw new IllegalArgumentException("pause, limit, tail and rounds are positive");
    }

    public MigrationPlan withPause(Duration pause) {
        return new MigrationPlan(pause, limit, tail, rounds, verify);
    }

    public MigrationPlan withLimit(Duration limit) {
        return new MigrationPlan(pause, limit, tail, rounds, verify);
    }

    public MigrationPlan withTail(int tail) {
        return new MigrationPlan(pause, limit, tail, rounds, verify);
    }

    public MigrationPlan withRounds(int rounds) {
        return new MigrationPlan(pause, limit, tail, rounds, verify);
    }

    public MigrationPlan withVerify(boolean verify) {
        return new MigrationPlan(pause, limit, tail, rounds, verify);
    }
}
