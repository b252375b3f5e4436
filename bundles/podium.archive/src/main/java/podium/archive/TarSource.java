package podium.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.backend.ExtendedAttributes;

/// Reads a tar. Commons Compress reads headers of any length into memory, so they are measured on
/// their way to it; and it has one encoding for names while a tar has two, so names are taken from
/// the headers' bytes.
final class TarSource implements Source {

    /// The longest headers of one entry: names, extended attributes, maps of sparse files.
    private static final int MOST_HEADERS = 1 << 20;

    private static final int MOST_SKIPPED = 16 << 20;
    private static final int RECORD = 512;

    private final Headers headers;
    private final TarArchiveInputStream tar;
    private @Nullable TarArchiveEntry current;
    private boolean first = true;

    TarSource(InputStream from) {
        headers = new Headers(from);
        tar = new TarArchiveInputStream(headers, StandardCharsets.ISO_8859_1.name());
    }

    @Override
    public @Nullable Item next() throws IOException {
        var before = current;
        if (before != null) skip(tar);
        TarArchiveEntry entry;
        headers.begin();
        try {
            entry = tar.getNextEntry();
        } catch (java.io.EOFException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Commons Compress does not promise to throw nothing else for what is damaged.
            if (e == headers.refusal) throw e;
            throw new IOException("the archive is damaged: " + Item.shown("" + e.getMessage()), e);
        } finally {
            headers.end();
        }
        current = entry;
        if (entry == null) {
            if (first && headers.size == 0) throw new IOException("the archive is empty");
            if (!headers.ended()) throw new IOException("the archive is cut off");
            return null;
        }
        if (first && !entry.isCheckSumOK()) throw new IOException("it is neither tar nor zip");
        first = false;
        if (!entry.isCheckSumOK())
            throw new IOException("the archive is damaged: a header's checksum is wrong");
        return item(entry);
    }

    /// Passes over what nobody reads: the content of what is no file, what fills up the last
    /// record.
    ///
    /// @throws IOException there is more of it than anybody has a reason for
    static void skip(InputStream in) throws IOException {
        long skipped = 0;
        var buffer = new byte[8192];
        for (int count; (count = in.read(buffer)) > 0; )
            if ((skipped += count) > MOST_SKIPPED)
                throw new IOException("the archive has more than 16 MiB that belong to no file");
    }

    private Item item(TarArchiveEntry entry) throws IOException {
        var kind = kind(entry);
        var records = headers.records();
        boolean whole = kind == Item.Kind.FILE || kind == Item.Kind.DIRECTORY;
        return new Item(
                entry.isSparse()
                        ? name(entry.getName(), records, "path", "GNU.sparse.name")
                        : name(entry.getName(), records, "path"),
                kind,
                entry.getMode() & 07777,
                number(entry.getLongUserId()),
                number(entry.getLongGroupId()),
                entry.getLastModifiedTime(),
                kind == Item.Kind.SYMBOLIC_LINK || kind == Item.Kind.HARD_LINK
                        ? name(entry.getLinkName(), records, "linkpath")
                        : "",
                kind == Item.Kind.FILE ? entry.getRealSize() : 0,
                whole ? PaxRecords.extended(records) : ExtendedAttributes.NONE);
    }

    private static int number(long id) throws IOException {
        if (id < 0 || id > 0xffff_fffeL) throw new IOException("no user has the number " + id);
        return (int) id;
    }

    private static Item.Kind kind(TarArchiveEntry entry) {
        if (entry.isSymbolicLink()) return Item.Kind.SYMBOLIC_LINK;
        if (entry.isLink()) return Item.Kind.HARD_LINK;
        if (entry.isDirectory()) return Item.Kind.DIRECTORY;
        if (entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice())
            return Item.Kind.OTHER;
        return Item.Kind.FILE;
    }

    /// A name by its bytes: of the last of these pax records that is there, or of the old header.
    private static String name(String read, Map<String, byte[]> records, String... keys) {
        var bytes = read.getBytes(StandardCharsets.ISO_8859_1);
        for (var key : keys) bytes = records.getOrDefault(key, bytes);
        return LinuxString.decode(bytes);
    }

    @Override
    public InputStream content() {
        return new FilterInputStream(tar) {
            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                return in.read(into, from, length);
            }

            @Override
            public void close() {
                // There are further entries.
            }
        };
    }

    /// Keeps the headers of an entry as they pass by.
    private static final class Headers extends FilterInputStream {

        private byte[] kept = new byte[4 * RECORD];
        private int size;
        private boolean keeping;
        private long position;
        private @Nullable IOException refusal;

        Headers(InputStream from) {
            super(from);
        }

        void begin() {
            // What fills up the content before belongs to no header.
            size = -(int) (-position & RECORD - 1);
            keeping = true;
        }

        void end() {
            keeping = false;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = in.read(into, from, length);
            if (count <= 0) return count;
            position += count;
            if (keeping) keep(into, from, count);
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            var skipped = new byte[(int) Math.min(count, 8192)];
            return Math.max(0, read(skipped, 0, skipped.length));
        }

        private void keep(byte[] bytes, int from, int count) throws IOException {
            int skipped = Math.min(count, Math.max(0, -size));
            size += skipped;
            int more = count - skipped;
            if (more == 0) return;
            if (size + more > MOST_HEADERS) {
                refusal =
                        new IOException(
                                "the archive has an entry whose headers are longer than 1 MiB");
                throw refusal;
            }
            if (size + more > kept.length)
                kept = java.util.Arrays.copyOf(kept, Math.max(2 * kept.length, size + more));
            System.arraycopy(bytes, from + skipped, kept, size, more);
            size += more;
        }

        /// Whether the records that end a tar were read.
        boolean ended() {
            if (size < RECORD) return false;
            for (int i = 0; i < RECORD; i++) if (kept[i] != 0) return false;
            return true;
        }

        /// The pax records before the entry's own header.
        Map<String, byte[]> records() {
            var records = new LinkedHashMap<String, byte[]>();
            for (int at = 0; at + RECORD <= size; ) {
                int type = kept[at + 156];
                if (type != 'x' && type != 'g' && type != 'L' && type != 'K') break;
                int length = octal(at + 124);
                at += RECORD;
                if (length < 0 || length > size - at) break;
                if (type == 'x') PaxRecords.read(kept, at, at + length, records);
                at += length + RECORD - 1 & -RECORD;
            }
            return records;
        }

        /// @return -1 when it is no number
        private int octal(int at) {
            var text = new String(kept, at, 12, StandardCharsets.ISO_8859_1);
            var digits = text.replace('\0', ' ').trim();
            return digits.matches("0*[0-7]{1,9}") ? Integer.parseInt(digits, 8) : -1;
        }
    }
}
