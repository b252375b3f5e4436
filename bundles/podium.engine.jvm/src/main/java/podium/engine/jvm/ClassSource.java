package podium.engine.jvm;

import org.jspecify.annotations.Nullable;

/// Where the classes of a module come from.
@FunctionalInterface
interface ClassSource {

    /// A class, or null if the module has none of this name. May take time.
    byte @Nullable [] bytes(String name);
}
