package podium.benchmark.move;

import java.time.Duration;

/// One move of a mount, and what it took.
///
/// @param to the type it was moved to
/// @param crowded whether many threads changed files at once meanwhile
/// @param pause how long calls were held
/// @param tail inodes and names that were left to copy then
/// @param took from its beginning to its end
public record Move(String to, boolean crowded, Duration pause, long tail, Duration took) {}
