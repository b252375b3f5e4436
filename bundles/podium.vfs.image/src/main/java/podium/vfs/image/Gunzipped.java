package podium.vfs.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import podium.vfs.image.bytes.Bytes;
import podium.vfs.image.bytes.Unpacked;

/// What gzips unpack to: one temporary file for all mounts of the same content, for as long as one
/// of them uses it. Thread-safe.
final class Gunzipped {

    private static final int BUFFER = 1 << 16;

    /// By the digest of what is packed.
    private final Map<String, Shared> all = new HashMap<>();

    private static final class Shared {

        private final String digest;
        private int uses;
        private @Nullable Bytes bytes;

        Shared(String digest) {
            this.digest = digest;
        }

        /// Those who come while it is unpacked wait for that.
        synchronized Bytes bytes(Bytes packed) throws IOException {
            var known = bytes;
            if (known == null) bytes = known = unpacked(packed, digest);
            return known;
        }

        synchronized void close() throws IOException {
            if (bytes != null) bytes.close();
        }
    }

    /// @param packed may be closed afterwards
    /// @return to be closed
    /// @throws IOException it is damaged, or unpacked it has more bytes than there may be
    Bytes open(Bytes packed) throws IOException {
        var digest = digest(packed);
        Shared shared;
        synchronized (all) {
            shared = all.computeIfAbsent(digest, Shared::new);
            shared.uses++;
        }
        boolean done = false;
        try {
            var bytes = new Use(shared, shared.bytes(packed));
            done = true;
            return bytes;
        } finally {
            if (!done) release(shared);
        }
    }

    private void release(Shared shared) throws IOException {
        synchronized (all) {
            if (--shared.uses > 0) return;
            all.remove(shared.digest);
        }
        shared.close();
    }

    private final class Use implements Bytes {

        private final Shared shared;
        private final Bytes bytes;
        private final AtomicBoolean closed = new AtomicBoolean();

        Use(Shared shared, Bytes bytes) {
            this.shared = shared;
            this.bytes = bytes;
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return bytes.read(into, position);
        }

        @Override
        public void close() throws IOException {
            if (closed.compareAndSet(false, true)) release(shared);
        }
    }

    private static Bytes unpacked(Bytes packed, String digest) throws IOException {
        var read = new DigestInputStream(packed.stream(), sha256());
        Bytes bytes = null;
        boolean done = false;
        try (var in = new GZIPInputStream(read, BUFFER)) {
            bytes = Unpacked.of(in, UnpackedBudget.most(packed.size()));
            read.transferTo(OutputStream.nullOutputStream());
            if (!digest.equals(text(read.getMessageDigest())))
                throw new IOException("it changes while it is read");
            done = true;
            return bytes;
        } catch (EOFException e) {
            throw new EOFException("it is cut off");
        } catch (ZipException e) {
            throw new IOException("it is damaged: " + e.getMessage(), e);
        } finally {
            if (!done && bytes != null) bytes.close();
        }
    }

    private static String digest(Bytes packed) throws IOException {
        try (var in = new DigestInputStream(packed.stream(), sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return text(in.getMessageDigest());
        }
    }

    private static String text(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
