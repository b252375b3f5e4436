package podium.vfs;

import java.time.Duration;

/// What a move did ([MountNamespace#migrate]).
///
/// @param inodes copied
/// @param bytes of content, changes counted again
/// @param rounds until the tail was short
/// @param changes that programs made meanwhile
/// @param tail inodes and names copied while calls were held
/// @param pause how long calls were held
public record MigrationSummary(
        long inodes, long bytes, int rounds, long changes, long tail, Duration pause) {}
