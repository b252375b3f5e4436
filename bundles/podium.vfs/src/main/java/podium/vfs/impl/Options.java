package podium.vfs.impl;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.MountSpec;

/// Options of a mount that are the mount's own, whatever its type is.
final class Options {

    /// Names the mount's [MountRecord].
    static final String RECORD = "record";

    /// Where the mount moves to when its type leaves: `TYPE` or `TYPE:SOURCE`; what begins with it
    /// and a dot are options of that.
    private static final String DRAIN = "drain";

    private Options() {}

    /// The record of a mount, or null when it has none.
    static @Nullable MountRecord record(MountSpec spec) {
        var name = spec.options().get(RECORD);
        return name == null ? null : new MountRecord(Path.of(name).toAbsolutePath());
    }

    /// Where a mount moves to when its type leaves, or null.
    static @Nullable MountSpec drain(MountSpec spec) {
        var place = spec.options().get(DRAIN);
        if (place == null) return null;
        var parts = place.split(":", 2);
        var options = new HashMap<String, String>();
        spec.options()
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(DRAIN + "."))
                                options.put(name.substring(DRAIN.length() + 1), value);
                        });
        var source = parts.length < 2 ? "" : parts[1];
        return new MountSpec(spec.target(), parts[0], source, options, spec.readOnly());
    }

    private static boolean isOwn(String name) {
        return name.equals(RECORD) || name.equals(DRAIN) || name.startsWith(DRAIN + ".");
    }

    static Map<String, String> ofMount(MountSpec spec) {
        var own = new HashMap<>(spec.options());
        own.keySet().removeIf(name -> !isOwn(name));
        return own;
    }

    static Map<String, String> ofType(MountSpec spec) {
        var rest = new HashMap<>(spec.options());
        rest.keySet().removeIf(Options::isOwn);
        return rest;
    }

    /// What a type gets to see.
    static MountSpec withoutOwn(MountSpec spec) {
        return with(spec, ofType(spec));
    }

    /// A mount's own options stay when it moves.
    static MountSpec moved(MountSpec from, MountSpec to) {
        var options = ofMount(from);
        options.putAll(to.options());
        return with(to, options);
    }

    private static MountSpec with(MountSpec spec, Map<String, String> options) {
        return new MountSpec(spec.target(), spec.type(), spec.source(), options, spec.readOnly());
    }
}
