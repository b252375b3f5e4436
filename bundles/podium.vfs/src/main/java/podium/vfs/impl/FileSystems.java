package podium.vfs.impl;

import java.util.List;
import java.util.Map;
import java.util.Set;
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
/// @param types those there are, by name
/// @param kernel null while there is none
record FileSystems(
        Supplier<? extends Map<String, FileSystemType>> types,
        Supplier<@Nullable KernelObjects> kernel) {

    private static final String BASE = "base";

    /// What a mount is made from: where its record says, or what was asked for.
    ///
    /// @throws MountException the record cannot be read
    static MountSpec current(MountSpec asked) throws MountException {
        var record = Options.record(asked);
        return record == null ? asked : record.current(asked);
    }

    /// @throws MountException as [FileSystemType#create]
    Backend create(MountSpec mount) throws MountException {
        var spec = Options.withoutOwn(mount);
        var type = type(spec.type());
        var base = spec.options().get(BASE);
        if (base == null) return Backend.of(mount, type.create(spec), Set.of(type));
        var baseType = type(base);
        var below = baseType.create(baseSpec(spec, base));
        FileSystem made = null;
        try {
            made = type.create(spec, below);
            return Backend.of(mount, made, Set.copyOf(List.of(type, baseType)));
        } finally {
            if (made == null) below.close();
        }
    }

    /// Whether a mount of a spec could be made by what there is now.
    boolean has(MountSpec spec) {
        var base = spec.options().get(BASE);
        var known = types.get();
        return known.containsKey(spec.type()) && (base == null || known.containsKey(base));
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
        var known = types.get();
        var type = known.get(name);
        if (type != null) return type;
        throw new MountException(
                "no bundle provides file systems of type '"
                        + name
                        + "'; there are "
                        + String.join(", ", known.keySet()));
    }
}
