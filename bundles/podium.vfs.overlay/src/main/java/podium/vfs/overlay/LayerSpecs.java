package podium.vfs.overlay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// The layers that a mount's options name: `upper` and `lower.1`, `lower.2` and so on, topmost
/// first, are types; what begins with a layer's name and a dot is its source or one of its options.
///
/// @param upper null for an overlay that nobody writes
record LayerSpecs(@Nullable MountSpec upper, List<MountSpec> lowers) {

    static final String UPPER = "upper";
    private static final String LOWER = "lower.";
    private static final String SOURCE = "source";

    static LayerSpecs of(MountSpec spec) throws MountException {
        var left = new HashMap<>(spec.options());
        var upper = take(UPPER, spec, left, spec.readOnly());
        var lowers = new ArrayList<MountSpec>();
        for (int i = 1; left.containsKey(LOWER + i); i++) {
            var lower = take(LOWER + i, spec, left, true);
            if (lower != null) lowers.add(lower);
        }
        if (!left.isEmpty())
            throw new MountException(
                    ("an overlay has no option '%s', but upper, lower.1, lower.2 and so on, and their"
                                    + " options")
                            .formatted(left.keySet().stream().sorted().findFirst().orElse("")));
        if (lowers.isEmpty()) throw new MountException("an overlay needs the option lower.1");
        return new LayerSpecs(spec.readOnly() ? null : upper, withReadOnly(spec, upper, lowers));
    }

    /// Below a mount that nobody writes, the upper layer is one more lower one.
    private static List<MountSpec> withReadOnly(
            MountSpec spec, @Nullable MountSpec upper, List<MountSpec> lowers) {
        if (spec.readOnly() && upper != null) lowers.addFirst(upper);
        return lowers;
    }

    private static @Nullable MountSpec take(
            String layer, MountSpec spec, Map<String, String> from, boolean readOnly) {
        var type = from.remove(layer);
        if (type == null) return null;
        var own = new HashMap<String, String>();
        var prefix = layer + ".";
        from.entrySet()
                .removeIf(
                        option -> {
                            if (!option.getKey().startsWith(prefix)) return false;
                            own.put(option.getKey().substring(prefix.length()), option.getValue());
                            return true;
                        });
        var source = own.remove(SOURCE);
        return new MountSpec(spec.target(), type, source == null ? "" : source, own, readOnly);
    }
}
