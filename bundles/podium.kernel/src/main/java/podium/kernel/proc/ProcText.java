package podium.kernel.proc;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.ReadOnlyRegular;

/// A file whose text is made when it is read.
final class ProcText extends ProcNode implements ReadOnlyRegular {

    private final Supplier<String> text;

    ProcText(String path, Supplier<String> text) {
        super(path, Mode.REGULAR | 0444);
        this.text = text;
    }

    @Override
    public int read(ByteBuffer into, long position) {
        var bytes = LinuxString.encode(text.get());
        if (position >= bytes.length) return 0;
        int count = Math.min(into.remaining(), bytes.length - (int) position);
        into.put(bytes, (int) position, count);
        return count;
    }
}
