package podium.vfs;

import java.util.Map;

/// One mount, as a pod asks for it.
///
/// @param target absolute path in the pod, such as `/app`
/// @param type name of a [FileSystemType]
/// @param source what the type makes of it, such as a bundle's symbolic name; empty for none
/// @param options the type's own
/// @param readOnly whether changes are `EROFS`, whatever the backend could do
public record MountSpec(
        String target, String type, String source, Map<String, String> options, boolean readOnly) {

    /// @throws IllegalArgumentException the target is not absolute
    public MountSpec {
        if (!target.startsWith("/"))
            throw new IllegalArgumentException("a mount's target is absolute, not " + target);
        options = Map.copyOf(options);
    }

    public static MountSpec of(String target, String type) {
        return new MountSpec(target, type, "", Map.of(), false);
    }

    public static MountSpec of(String target, String type, String source) {
        return new MountSpec(target, type, source, Map.of(), false);
    }

    public MountSpec withOption(String key, String value) {
        var more = new java.util.HashMap<>(options);
        more.put(key, value);
        return new MountSpec(target, type, source, more, readOnly);
    }

    public MountSpec asReadOnly() {
        return new MountSpec(target, type, source, options, true);
    }
}
