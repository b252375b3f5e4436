package podium.vfs.impl;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.syscall.KernelObjects;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Makes file systems by the types there are, and reaches the kernel's objects.
///
/// @param types finds a type by name
/// @param kernel null while there is none
record FileSystems(
        Function<String, @Nullable FileSystemType> types,
        Supplier<@Nullable KernelObjects> kernel) {

    private static final String BASE = "base";

    /// @throws MountException as [FileSystemType#create]
    FileSystem create(MountSpec spec) throws MountException {
        var type = type(spec.type());
        var base = spec.options().get(BASE);
        if (base == null) return type.create(spec);
        var below = type(base).create(baseSpec(spec, base));
        FileSystem made = null;
        try {
            made = type.create(spec, below);
            return made;
        } finally {
            if (made == null) below.close();
        }
    }

    /// The mount of a base: the same source, and the options that begin with `base.`.
    private static MountSpec baseSpec(MountSpec spec, String base) {
        Map<String, String> options =
                spec.options().entrySet().stream()
                        .filter(option -> option.getKey().startsWith(BASE + "."))
                        .collect(
                                Collectors.toMap(
                                        option -> option.getKey().substring(BASE.length() + 1),
                                        Map.Entry::getValue));
        return new MountSpec(spec.target(), base, spec.source(), options, true);
    }

    /// @throws MountException no bundle provides it
    FileSystemType type(String name) throws MountException {
        var type = types.apply(name);
        if (type == null)
            throw new MountException("no bundle provides file systems of type '" + name + "'");
        return type;
    }
}
