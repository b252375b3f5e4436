package podium.vfs.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import podium.syscall.Errno;
import podium.vfs.backend.HostSpace;

/// A file of the host. An interrupt of a thread that uses a channel closes it for all
/// ([java.nio.channels.InterruptibleChannel]); here it is opened again, and the interrupt stays for
/// whom it may concern.
public final class HostDiskFile implements DiskFile {

    private final Path path;
    private final FileStore store;
    private final OpenOption[] options;
    private volatile FileChannel channel;
    private boolean closed;

    public HostDiskFile(Path path, FileStore store, OpenOption... options) throws IOException {
        this.path = path;
        this.store = store;
        this.options =
                options.length > 0
                        ? options
                        : new OpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE};
        channel = FileChannel.open(path, this.options);
    }

    private interface Use {
        void on(FileChannel channel) throws IOException;
    }

    private void use(Use use) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            for (; ; ) {
                var now = channel;
                try {
                    use.on(now);
                    return;
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(now, e);
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private synchronized void reopen(FileChannel old, ClosedChannelException why)
            throws IOException {
        if (closed) throw why;
        if (channel == old) channel = FileChannel.open(path, options);
    }

    @Override
    public void read(ByteBuffer into, long position) throws IOException {
        int start = into.position();
        use(
                file -> {
                    while (into.hasRemaining())
                        if (file.read(into, position + into.position() - start) < 0)
                            throw new EOFException(path.getFileName() + " is too short");
                });
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
        int start = from.position();
        try {
            use(
                    file -> {
                        while (from.hasRemaining())
                            file.write(from, position + from.position() - start);
                    });
        } catch (IOException e) {
            throw known(e, store, from.remaining());
        }
    }

    /// Tells a full disk from other faults.
    public static IOException known(IOException e, FileStore store, long wanted)
            throws IOException {
        var lack = HostSpace.error(e);
        if (lack != null) return new NoSpaceException(e, lack);
        return store.getUsableSpace() < wanted ? new NoSpaceException(e, Errno.ENOSPC) : e;
    }

    @Override
    public long size() throws IOException {
        long[] size = {0};
        use(file -> size[0] = file.size());
        return size[0];
    }

    @Override
    public void force() throws IOException {
        use(file -> file.force(false));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
