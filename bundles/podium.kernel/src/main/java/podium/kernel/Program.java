package podium.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.Module;
import podium.engine.Snapshot;

/// What execve(2) found: a module, where to start it, and with what.
///
/// @param snapshot to start from, or null
/// @param path of the file, absolute
/// @param arguments after `#!` lines were taken into account
/// @param environment `NAME=value`
record Program(
        Module module,
        @Nullable Snapshot snapshot,
        String path,
        List<String> arguments,
        List<String> environment) {

    /// The export that runs it.
    String entry() {
        return snapshot == null ? "_start" : "_restart";
    }

    /// Name for people: the last part of argv[0].
    String name() {
        var name = arguments.isEmpty() ? path : arguments.getFirst();
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
