package podium.kernel;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.ImportType;
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

    /// Whether a function begins as those of Linux programs do: with the address of argc, argv,
    /// envp
    /// and auxv. Others ask for what they want to know.
    boolean takesBlock(String function) {
        for (var export : module.exports())
            if (export.name().equals(function) && export.type() instanceof FunctionType type)
                return !type.parameters().isEmpty();
        return false;
    }

    /// The import modules it names.
    Set<String> modules() {
        return module.imports().stream().map(ImportType::module).collect(Collectors.toSet());
    }

    Program withEnvironment(List<String> environment) {
        return new Program(module, snapshot, path, arguments, environment);
    }

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
