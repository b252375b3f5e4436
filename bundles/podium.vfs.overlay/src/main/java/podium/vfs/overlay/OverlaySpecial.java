package podium.vfs.overlay;

import org.jspecify.annotations.Nullable;
import podium.syscall.OpenFile;
import podium.vfs.Node;

/// A FIFO, socket or device.
final class OverlaySpecial extends OverlayLeaf implements Node.Special {

    OverlaySpecial(
            OverlayFileSystem fs,
            Part<? extends Node> part,
            long number,
            Origins.@Nullable Origin origin) {
        super(fs, part, number, origin);
    }

    @Override
    public @Nullable OpenFile open(int flags) {
        return ((Special) current()).open(flags);
    }

    @Override
    Node copy(Directory in, String name, long most) {
        var of = current().attributes();
        return in.createSpecial(name, of.mode(), of.device(), of.uid(), of.gid());
    }
}
