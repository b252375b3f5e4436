package podium.vfs.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.backend.ExtendedAttributes;
import podium.vfs.image.bytes.Bytes;

/// A tar: its headers are read once, its contents where they lie.
///
/// What different programs would read differently is refused.
final class TarSource implements ImageSource {

    /// Of a long name or an extended header.
    private static final int MOST_HEADER = 1 << 20;

    /// Of the parts of sparse files together: they are kept in memory.
    private static final int MOST_RUNS = 4 << 20;

    /// Of one without entries: tars are filled up, but not to more than this.
    private static final int MOST_EMPTY = 1 << 20;

    private static final int PATH_MAX = 4096;
    private static final long MOST_ID = 0xffff_fffeL;

    private final Bytes bytes;

    TarSource(Bytes bytes) {
        this.bytes = bytes;
    }

    /// Whether it begins as a tar; an empty one has nothing but zeros.
    static boolean recognises(Bytes bytes) throws IOException {
        if (bytes.size() < TarHeader.BLOCK) return false;
        var first = TarHeader.read(bytes, 0);
        return first.isEnd() ? isEmpty(bytes) : first.isValid();
    }

    private static boolean isEmpty(Bytes bytes) throws IOException {
        long size = bytes.size();
        if (size < 2 * TarHeader.BLOCK || size % TarHeader.BLOCK != 0 || size > MOST_EMPTY)
            return false;
        for (byte b : bytes.read(0, (int) size).array()) if (b != 0) return false;
        return true;
    }

    @Override
    public void entries(Visitor visitor) throws IOException {
        new Pass(visitor).run();
    }

    /// Reading the headers from the first to the last.
    private final class Pass {

        private final Visitor visitor;
        private long position;
        private int runs;

        /// For all entries that follow.
        private final PaxRecords global = PaxRecords.none();

        /// For the next entry.
        private final List<byte[]> extended = new ArrayList<>();

        /// How much that is.
        private int kept;

        private byte @Nullable [] longName;
        private byte @Nullable [] longLink;

        Pass(Visitor visitor) {
            this.visitor = visitor;
        }

        void run() throws IOException {
            for (var header = next(); !header.isEnd(); header = next()) {
                if (!header.isValid())
                    throw new Refusal(
                            "it is damaged: the header at byte %d has a wrong checksum"
                                    .formatted(position));
                position += TarHeader.BLOCK;
                switch (header.type()) {
                    case 'x', 'X' -> extend(payload(header));
                    case 'g' -> globalise(payload(header));
                    case 'L' -> longName = name(payload(header));
                    case 'K' -> longLink = name(payload(header));
                    case 'V' -> payload(header); // a label
                    case 'M' -> throw new Refusal("it is a later part of an archive in several");
                    default -> entry(header);
                }
            }
            if (longName != null || longLink != null || !extended.isEmpty())
                throw new Refusal("it is cut off: a header is the last thing in it");
        }

        private void extend(byte[] records) throws Refusal {
            kept += records.length;
            if (kept > MOST_HEADER)
                throw new Refusal(
                        "the headers of an entry in it have more than %d bytes, the limit"
                                .formatted(MOST_HEADER));
            extended.add(records);
        }

        private void globalise(byte[] records) throws Refusal {
            global.add(records);
            // It would be read for each file.
            if (global.isSparse())
                throw new Refusal("an extended header in it has one sparse map for all files");
        }

        private TarHeader next() throws IOException {
            try {
                return TarHeader.read(bytes, position);
            } catch (EOFException e) {
                throw new EOFException("it is cut off: the mark of its end is missing");
            }
        }

        /// What belongs to a header and is kept in memory for a while.
        private byte[] payload(TarHeader header) throws IOException {
            long size = header.size();
            if (size < 0 || size > MOST_HEADER)
                throw new Refusal(
                        "a header in it has %d bytes, more than %d, the limit"
                                .formatted(size, MOST_HEADER));
            var payload = bytes.read(position, (int) size).array();
            skip(size);
            return payload;
        }

        /// To the next header. There are so many bytes.
        private void skip(long size) {
            position += size + TarHeader.BLOCK - 1 & -TarHeader.BLOCK;
        }

        /// A long name ends with a NUL.
        private static byte[] name(byte[] payload) {
            int end = payload.length;
            while (end > 0 && payload[end - 1] == 0) end--;
            return java.util.Arrays.copyOf(payload, end);
        }

        private void entry(TarHeader header) throws IOException {
            var pax = global.copy();
            for (var records : extended) pax.add(records);
            var path = first(pax.bytes("path"), longName);
            var raw = first(pax.bytes("GNU.sparse.name"), path);
            var target = first(pax.bytes("linkpath"), longLink);
            extended.clear();
            kept = 0;
            longName = null;
            longLink = null;
            add(header, pax, raw == null ? header.name() : raw, target);
        }

        private void add(TarHeader header, PaxRecords pax, byte[] raw, byte @Nullable [] target)
                throws IOException {
            char type = header.type();
            var path = path(raw);
            var shown = path.isEmpty() ? "." : path;
            // Old ones tell a link's size, though nothing follows.
            long size = pax.number("size", type == '1' ? 0 : header.size());
            if (size < 0 || size > bytes.size() - position)
                throw new EOFException(
                        "it is cut off: '%s' has %d of %d bytes"
                                .formatted(Refusal.shown(shown), bytes.size() - position, size));
            if (size > 0 && type >= '1' && type <= '6')
                throw Refusal.of(shown, "whether content follows it is in doubt");
            var facts = facts(header, pax, shown);
            switch (type) {
                case '1' -> visitor.hardLink(path, path(target(header, target)));
                case '2' -> {
                    var text = LinuxString.decode(target(header, target));
                    visitor.link(path, text, facts);
                }
                case '3' -> visitor.special(path, Mode.CHARACTER, device(header), facts);
                case '4' -> visitor.special(path, Mode.BLOCK, device(header), facts);
                case '5', 'D' -> visitor.directory(path, facts);
                case '6' -> visitor.special(path, Mode.FIFO, 0, facts);
                default -> {
                    if (raw.length > 0 && raw[raw.length - 1] == '/' && size == 0)
                        visitor.directory(path, facts); // as before POSIX
                    else visitor.file(path, content(header, pax, size, shown), facts);
                }
            }
            skip(size);
        }

        private Content content(TarHeader header, PaxRecords pax, long size, String shown)
                throws IOException {
            boolean old = header.type() == 'S';
            if (!old && !pax.isSparse()) return new PlainContent(bytes, position, size);
            var placed =
                    old
                            ? SparseMap.old(header, bytes, position)
                            : SparseMap.pax(pax, bytes, position, size);
            // In the old form the map is not counted.
            if (old) position = placed.data();
            long data = old ? size : size - (placed.data() - position);
            if (data > bytes.size() - placed.data())
                throw new EOFException("it is cut off in '%s'".formatted(Refusal.shown(shown)));
            var map = placed.map().checked(data);
            runs += map.runs().size();
            if (runs > MOST_RUNS)
                throw new Refusal(
                        "its sparse files have more than %d parts, the limit".formatted(MOST_RUNS));
            return new SparseContent(bytes, placed.data(), map);
        }
    }

    private static byte @Nullable [] first(byte @Nullable [] one, byte @Nullable [] other) {
        return one != null ? one : other;
    }

    private static byte[] target(TarHeader header, byte @Nullable [] told) {
        return told == null ? header.linkName() : told;
    }

    /// A name as visitors take it.
    ///
    /// @throws Refusal it leads out, or is too long
    private static String path(byte[] raw) throws Refusal {
        var name = LinuxString.decode(raw);
        if (raw.length > PATH_MAX) throw Refusal.of(name, "its name is too long");
        if (name.startsWith("/")) throw Refusal.of(name, "its name is absolute");
        var path = new StringBuilder();
        for (var part : name.split("/")) {
            if (part.equals("..")) throw Refusal.of(name, "its name has '..'");
            if (part.isEmpty() || part.equals(".")) continue;
            if (!path.isEmpty()) path.append('/');
            path.append(part);
        }
        if (raw.length == 0) throw Refusal.of(name, "it has no name");
        return path.toString();
    }

    private static Facts facts(TarHeader header, PaxRecords pax, String shown) throws Refusal {
        long modified = time(pax.time("mtime"), header.modified(), 0);
        return new Facts(
                (int) (header.mode() & Mode.PERMISSIONS),
                id(pax.number("uid", header.uid())),
                id(pax.number("gid", header.gid())),
                time(pax.time("atime"), header.accessed(), modified),
                modified,
                time(pax.time("ctime"), header.changed(), modified),
                extended(pax, shown));
    }

    private static ExtendedAttributes extended(PaxRecords pax, String shown) throws Refusal {
        try {
            return pax.extended();
        } catch (IllegalArgumentException e) {
            throw Refusal.of(shown, "its extended attributes make no sense: " + e.getMessage());
        }
    }

    private static long time(@Nullable Long exact, @Nullable Long seconds, long otherwise) {
        if (exact != null) return exact;
        return seconds == null ? otherwise : TimeUnit.SECONDS.toNanos(seconds);
    }

    private static int id(long id) throws Refusal {
        if (id < 0 || id > MOST_ID) throw new Refusal("no user has the number " + id);
        return (int) id;
    }

    /// As makedev(3) packs it.
    private static long device(TarHeader header) throws Refusal {
        long major = header.major();
        long minor = header.minor();
        if (major < 0 || minor < 0 || major > 0xffff_ffffL || minor > 0xffff_ffffL)
            throw new Refusal("no device has the number %d:%d".formatted(major, minor));
        return minor & 0xff
                | (major & 0xfff) << 8
                | (minor & ~0xffL) << 12
                | (major & ~0xfffL) << 32;
    }
}
