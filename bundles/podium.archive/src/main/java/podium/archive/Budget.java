package podium.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Locale;
import podium.vfs.Archives.Limits;
import podium.vfs.Archives.Progress;
import podium.vfs.Archives.Summary;

/// What one archive has cost so far, and may cost.
final class Budget {

    /// Content for which the ratio does not count: small files may well be compressed far.
    private static final long FREE = 64L << 20;

    /// What an entry of a zip's directory begins with.
    private static final int ZIP_ENTRY = 'P' << 24 | 'K' << 16 | 1 << 8 | 2;

    private final Limits limits;
    private final Progress progress;
    private long entries;
    private long bytes;
    private long left;
    private long archive;
    private long announced;
    private int last;

    Budget(Limits limits, Progress progress) {
        this.limits = limits;
        this.progress = progress;
    }

    boolean outsideLinks() {
        return limits.outsideLinks();
    }

    /// An entry begins.
    void entry() throws IOException {
        if (++entries > limits.entries())
            throw new IOException(
                    "the archive has more than " + limits.entries() + " entries, the limit");
        told();
    }

    /// An entry is left out.
    void leave() {
        entries--;
        left++;
    }

    /// Content is there.
    void content(long count) throws IOException {
        checkSize(count);
        bytes += count;
        if (bytes > FREE && archive > 0 && bytes / archive >= limits.ratio())
            throw new IOException(
                    "the archive's content is more than "
                            + limits.ratio()
                            + " times its size, the limit");
        told();
    }

    /// Content is announced.
    void checkSize(long count) throws IOException {
        if (count > limits.bytes() - bytes)
            throw new IOException(
                    "the archive has more than " + size(limits.bytes()) + " of content, the limit");
    }

    /// An archive that has to be kept: it is not larger than its content may be.
    ///
    /// Its directory will be read into memory, so what looks like an entry of that is counted.
    void spool(byte[] buffer, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            last = last << 8 | buffer[i] & 0xff;
            if (last == ZIP_ENTRY && ++announced > limits.entries())
                throw new IOException(
                        "the archive has more than " + limits.entries() + " entries, the limit");
        }
        if (archive > limits.bytes())
            throw new IOException(
                    "the archive is larger than " + size(limits.bytes()) + ", the limit");
        told();
    }

    private void told() throws IOException {
        if (!progress.advanced(entries, bytes)) throw new InterruptedIOException("interrupted");
    }

    Summary summary() {
        return new Summary(entries, bytes, left);
    }

    private static String size(long bytes) {
        if (bytes < 1 << 20) return bytes + " bytes";
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    /// Counts the archive's own bytes.
    InputStream counting(InputStream from) {
        return new FilterInputStream(from) {
            @Override
            public int read() throws IOException {
                int b = in.read();
                if (b >= 0) archive++;
                return b;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int count = in.read(into, offset, length);
                if (count > 0) archive += count;
                return count;
            }

            @Override
            public void close() {
                // It is the caller's.
            }
        };
    }
}
