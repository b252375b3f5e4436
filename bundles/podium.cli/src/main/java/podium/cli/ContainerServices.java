package podium.cli;

import org.jspecify.annotations.Nullable;
import podium.pod.PodManager;
import podium.vfs.Archives;
import podium.vfs.Vfs;

/// What of the container `podium fs` works with.
///
/// @param archives null where no bundle provides them
record ContainerServices(PodManager pods, Vfs vfs, @Nullable Archives archives) {}
