package podium.vfs.overlay;

import org.jspecify.annotations.Nullable;
import podium.vfs.Node;

/// A symbolic link.
final class OverlayLink extends OverlayLeaf implements Node.Link {

    OverlayLink(
            OverlayFileSystem fs,
            Part<? extends Node> part,
            long number,
            Origins.@Nullable Origin origin) {
        super(fs, part, number, origin);
    }

    @Override
    public String target() {
        return fs.steady(() -> ((Link) current()).target());
    }

    @Override
    Node copy(Directory in, String name, long most) {
        var of = current().attributes();
        return in.createLink(name, target(), of.uid(), of.gid());
    }
}
