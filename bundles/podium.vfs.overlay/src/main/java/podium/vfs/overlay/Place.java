package podium.vfs.overlay;

/// A name an inode was found under.
record Place(OverlayDirectory directory, String name) {}
