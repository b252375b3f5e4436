package podium.kernel.proc;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import podium.syscall.OpenFile;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A link whose target is found when it is followed.
final class ProcLink extends ProcNode implements Node.Link {

    private final Supplier<String> target;
    private final @Nullable Supplier<OpenFile> jump;

    ProcLink(String path, Supplier<String> target) {
        this(path, target, null);
    }

    /// @param jump the open file it leads to, with a use added
    ProcLink(String path, Supplier<String> target, @Nullable Supplier<OpenFile> jump) {
        super(path, Mode.LINK | 0777);
        this.target = target;
        this.jump = jump;
    }

    @Override
    public String target() {
        return target.get();
    }

    @Override
    public @Nullable OpenFile jump() {
        return jump == null ? null : jump.get();
    }
}
