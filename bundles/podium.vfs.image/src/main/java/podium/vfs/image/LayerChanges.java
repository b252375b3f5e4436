package podium.vfs.image;

import java.util.List;

/// What one layer of an OCI image changes of those below it (OCI image specification, layer.md): a
/// name `.wh.NAME` removes what they have of that name, and `.wh..wh..opq` all that they have in
/// its
/// directory; what the layer has itself of such a name stays.
final class LayerChanges {

    private static final String PREFIX = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private LayerChanges() {}

    /// @param layer what it has, whiteouts included
    /// @param below what the layers below are together, which becomes what they are with this one
    static void apply(ImageDirectory layer, ImageDirectory below) {
        if (layer.child(OPAQUE) != null) below.clear();
        for (var name : List.copyOf(layer.children().keySet())) {
            if (!name.startsWith(PREFIX)) continue;
            layer.remove(name);
            below.remove(name.substring(PREFIX.length()));
        }
        if (layer.isTold()) below.tell(layer.facts());
        for (var child : layer.children().entrySet()) {
            var name = child.getKey();
            if (!(child.getValue() instanceof ImageDirectory directory))
                below.put(name, child.getValue());
            else if (below.child(name) instanceof ImageDirectory other) apply(directory, other);
            else below.put(name, unmarked(directory));
        }
    }

    /// A new directory, without the marks in it.
    private static ImageDirectory unmarked(ImageDirectory directory) {
        for (var child : List.copyOf(directory.children().entrySet())) {
            if (child.getKey().startsWith(PREFIX)) directory.remove(child.getKey());
            else if (child.getValue() instanceof ImageDirectory below) unmarked(below);
        }
        return directory;
    }
}
