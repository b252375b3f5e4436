package podium.vfs.impl;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.OpenFile;
import podium.vfs.AttributeChange;
import podium.vfs.Attributes;
import podium.vfs.Mode;
import podium.vfs.Node;

/// A device file (null(4), full(4), random(4), tty(4)).
final class Device implements Node.Special {

    enum Kind {
        NULL,
        ZERO,
        FULL,
        RANDOM,

        /// The caller's terminal, which the kernel has.
        TERMINAL
    }

    private static final int MEMORY_MAJOR = 1;
    private static final int TERMINAL_MAJOR = 5;

    /// The most random bytes of one read, as Linux has it once it is interrupted.
    private static final int MOST_RANDOM = 1 << 20;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Kind kind;
    private final Attributes attributes;

    private Device(Kind kind, long inode, int major, int minor) {
        this.kind = kind;
        long now = Inode.now();
        long device = (long) major << 8 | minor;
        attributes =
                new Attributes(
                        inode, Mode.CHARACTER | 0666, 1, 0, 0, device, 0, 0, now, now, now, now);
    }

    static Device memory(Kind kind, int minor) {
        return new Device(kind, 100 + minor, MEMORY_MAJOR, minor);
    }

    static Device terminal(long inode) {
        return new Device(Kind.TERMINAL, inode, TERMINAL_MAJOR, 0);
    }

    @Override
    public Attributes attributes() {
        return attributes;
    }

    @Override
    public void change(AttributeChange change) {
        throw Errno.EROFS.exception();
    }

    @Override
    public @Nullable OpenFile open(int flags) {
        return kind == Kind.TERMINAL ? null : new File(flags);
    }

    private final class File extends OpenFile {

        File(int flags) {
            super(flags);
        }

        @Override
        protected void closed() {}

        @Override
        public int read(ByteBuffer into) {
            if (!readable()) return Errno.EBADF.negated();
            int count = into.remaining();
            switch (kind) {
                case NULL, TERMINAL -> {
                    return 0;
                }
                case ZERO, FULL -> {
                    while (into.remaining() >= 8) into.putLong(0);
                    while (into.hasRemaining()) into.put((byte) 0);
                }
                case RANDOM -> {
                    count = Math.min(count, MOST_RANDOM);
                    var bytes = new byte[Math.min(count, 8192)];
                    for (int left = count; left > 0; ) {
                        RANDOM.nextBytes(bytes);
                        int step = Math.min(left, bytes.length);
                        into.put(bytes, 0, step);
                        left -= step;
                    }
                }
            }
            return count;
        }

        @Override
        public int write(ByteBuffer from) {
            if (!writable()) return Errno.EBADF.negated();
            if (kind == Kind.FULL) return Errno.ENOSPC.negated();
            int count = from.remaining();
            from.position(from.limit());
            return count;
        }

        @Override
        public int read(ByteBuffer into, long position) {
            return read(into);
        }

        @Override
        public int write(ByteBuffer from, long position) {
            return write(from);
        }

        @Override
        public long seek(long offset, int whence) {
            return 0;
        }

        @Override
        public Attributes attributes() {
            return attributes;
        }

        @Override
        public String description() {
            return "device";
        }
    }
}
