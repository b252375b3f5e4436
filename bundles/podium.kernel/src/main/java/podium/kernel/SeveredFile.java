package podium.kernel;

import java.nio.ByteBuffer;
import podium.syscall.AnonymousFile;
import podium.syscall.Errno;

/// What is left of a file that had another end, when its process was frozen and thawed: it behaves
/// like a connection whose peer is gone. Thread-safe.
final class SeveredFile extends AnonymousFile {

    SeveredFile(int flags) {
        super(flags, "[severed]");
    }

    @Override
    public int read(ByteBuffer into) {
        return (readable() ? Errno.ECONNRESET : Errno.EBADF).negated();
    }

    @Override
    public int write(ByteBuffer from) {
        return (writable() ? Errno.EPIPE : Errno.EBADF).negated();
    }

    @Override
    public int readiness() {
        return IN | OUT | ERR | HUP | RDHUP;
    }

    @Override
    protected void closed() {}
}
