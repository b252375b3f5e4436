package podium.vfs.image;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.Archives.Limits;
import podium.vfs.image.bytes.Bytes;
import podium.vfs.image.bytes.Unpacked;

/// A content that its source gives from the beginning alone, as one that is compressed: it is
/// unpacked when it is read, and kept for a while, a large one in a temporary file. Thread-safe.
final class PackedContent implements Content {

    private static final Logger LOG = LoggerFactory.getLogger(PackedContent.class);

    /// What is larger is no part of the heap.
    private static final int LARGE = 16 << 20;

    private final ImageSource source;
    private final String path;
    private final ContentCache cache;
    private volatile long size;

    /// A large one, unpacked; its file is closed when the collector finds it.
    private volatile @Nullable SoftReference<Bytes> unpacked;

    /// @param size -1 when it is not known
    PackedContent(ImageSource source, String path, long size, ContentCache cache) {
        this.source = source;
        this.path = path;
        this.size = size;
        this.cache = cache;
    }

    @Override
    public long size() {
        if (size < 0) size = told();
        return size;
    }

    private long told() {
        try {
            long told = source.size(path);
            if (told >= 0) return told;
            try (var in = source.open(path)) {
                return in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        } catch (IOException | IllegalStateException e) {
            throw failed(e);
        }
    }

    private ErrnoException failed(Exception e) {
        LOG.error("cannot read {}: {}", path, e.getMessage());
        return Errno.EIO.exception();
    }

    @Override
    public @Nullable String sha256() {
        try {
            return source.sha256(path);
        } catch (IOException | IllegalStateException e) {
            throw failed(e);
        }
    }

    @Override
    public int read(ByteBuffer into, long position) {
        try {
            if (size() > LARGE) return large().read(into, position);
        } catch (IOException | IllegalStateException e) {
            throw failed(e);
        }
        var bytes = bytes();
        if (position >= bytes.length) return 0;
        int count = Math.min(into.remaining(), bytes.length - (int) position);
        into.put(bytes, (int) position, count);
        return count;
    }

    @Override
    public byte[] beginning(int count) {
        var cached = cache.get(this);
        if (cached != null) return Arrays.copyOf(cached, Math.min(count, cached.length));
        try (var in = source.open(path)) {
            return in.readNBytes(count);
        } catch (IOException | IllegalStateException e) {
            throw failed(e);
        }
    }

    private Bytes large() throws IOException {
        var known = unpacked;
        var bytes = known == null ? null : known.get();
        if (bytes != null) return bytes;
        // One unpacks, others wait for it.
        synchronized (this) {
            known = unpacked;
            bytes = known == null ? null : known.get();
            if (bytes != null) return bytes;
            try (var in = source.open(path)) {
                bytes = Unpacked.of(in, Math.min(size(), Limits.DEFAULT.bytes()));
            }
            if (bytes.size() < size()) {
                bytes.close();
                throw new IOException("not as long as the source says");
            }
            unpacked = new SoftReference<>(bytes);
            return bytes;
        }
    }

    /// All of it. Not to be changed.
    private byte[] bytes() {
        var cached = cache.get(this);
        if (cached != null) return cached;
        // One reads, others wait for it.
        synchronized (this) {
            cached = cache.get(this);
            if (cached != null) return cached;
            var bytes = load();
            cache.put(this, bytes);
            return bytes;
        }
    }

    private byte[] load() {
        int told = (int) size();
        try (var in = source.open(path)) {
            var bytes = in.readNBytes(told);
            if (bytes.length < told || in.read() >= 0)
                throw new IOException("not as long as the source says");
            return bytes;
        } catch (IOException | IllegalStateException e) {
            throw failed(e);
        }
    }
}
