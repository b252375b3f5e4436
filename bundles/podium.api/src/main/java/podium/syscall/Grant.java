package podium.syscall;

import org.jspecify.annotations.Nullable;

/// What a descriptor allows, where that is less than the open file behind it does (capsicum(4)),
/// and
/// the name by which a program finds it.
///
/// @param rights bits, as the ABI that the program speaks has them
/// @param inheriting the most that descriptors allow which are opened through this one
/// @param name as the program is told at its start; null for a descriptor that it got later
public record Grant(long rights, long inheriting, @Nullable String name) {}
