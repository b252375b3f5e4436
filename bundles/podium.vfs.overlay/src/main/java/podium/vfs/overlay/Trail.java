package podium.vfs.overlay;

import org.jspecify.annotations.Nullable;

/// Where the lower layers have something. As those do not change, it stays true, whatever becomes
/// of the names that are seen.
///
/// @param in null for the root
record Trail(@Nullable Trail in, String name) {}
