package podium.vfs.image;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.syscall.Errno;

/// A file's content: in its source, and in the cache for a while. Thread-safe.
final class Content {

    private static final Logger LOG = LoggerFactory.getLogger(Content.class);
    private static final byte[] WASM = {0, 'a', 's', 'm'};

    /// A greater file is no part of a sane image, but perhaps a decompression bomb.
    private static final int MOST = 1 << 30;

    private final ImageSource source;
    private final String path;
    private final ContentCache cache;
    private volatile long size;

    /// @param size -1 when it is not known
    Content(ImageSource source, String path, long size, ContentCache cache) {
        this.source = source;
        this.path = path;
        this.size = size;
        this.cache = cache;
    }

    long size() {
        if (size < 0) {
            long told = told();
            size = told < 0 ? bytes().length : told;
        }
        return size;
    }

    private long told() {
        try {
            return source.size(path);
        } catch (IOException | IllegalStateException e) {
            LOG.error("cannot read {}: {}", path, e.getMessage());
            throw Errno.EIO.exception();
        }
    }

    /// Its digest, or null when the source does not tell.
    @Nullable String sha256() {
        try {
            return source.sha256(path);
        } catch (IOException | IllegalStateException e) {
            LOG.error("cannot read the digest of {}: {}", path, e.getMessage());
            throw Errno.EIO.exception();
        }
    }

    /// All of it. Not to be changed.
    ///
    /// @throws podium.syscall.ErrnoException `EIO`: the source is broken or gone
    byte[] bytes() {
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
        long told = size;
        int most = told < 0 ? MOST : (int) Math.min(told, MOST);
        try (var in = source.open(path)) {
            var bytes = in.readNBytes(most);
            if (bytes.length < told || in.read() >= 0)
                throw new IOException("not as long as the source says");
            return bytes;
        } catch (IOException | IllegalStateException e) {
            LOG.error("cannot read {}: {}", path, e.getMessage());
            throw Errno.EIO.exception();
        }
    }

    /// Whether it begins as a program does.
    boolean isProgram() {
        var cached = cache.get(this);
        if (cached != null) return isProgram(cached);
        try (var in = source.open(path)) {
            return isProgram(in.readNBytes(WASM.length));
        } catch (IOException | IllegalStateException e) {
            LOG.error("cannot read {}: {}", path, e.getMessage());
            throw Errno.EIO.exception();
        }
    }

    private static boolean isProgram(byte[] bytes) {
        if (bytes.length >= 2 && bytes[0] == '#' && bytes[1] == '!') return true;
        return bytes.length >= 4 && Arrays.equals(bytes, 0, 4, WASM, 0, 4);
    }
}
