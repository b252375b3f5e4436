package podium.vfs.object;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/// How an entry is written, big-endian: magic, version (4 bytes), length of the index (4), its
/// CRC32C (4); the index; content. Pieces in the entry's own content have no object, and offsets in
/// the content.
final class EntryCodec {

    /// "PodiumOb".
    static final long MAGIC = 0x506f_6469_756d_4f62L;

    static final int VERSION = 1;
    static final int HEADER = 20;

    /// The most bytes of an index. A checkpoint has some 60 a segment of 32 MiB.
    static final int MOST = 64 << 20;

    private EntryCodec() {}

    /// @throws BucketException the tree has more pieces than an index can hold
    static byte[] encode(Entry entry, byte[] content) throws BucketException {
        var index = index(entry);
        if (index.length > MOST)
            throw new BucketException(
                    BucketException.Kind.FULL, "the tree has become too large for its log");
        var bytes = ByteBuffer.allocate(HEADER + index.length + content.length);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(index.length).putInt(checksum(index));
        return bytes.put(index).put(content).array();
    }

    private static byte[] index(Entry entry) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            id(out, entry.tree());
            out.writeLong(entry.sequence());
            out.writeLong(entry.epoch());
            id(out, entry.writer());
            out.writeLong(entry.session());
            out.writeUTF(entry.host());
            out.writeLong(entry.checkpoint());
            out.writeBoolean(entry.released());
            out.writeInt(entry.packs().size());
            for (var pack : entry.packs().entrySet()) {
                object(out, pack.getKey());
                out.writeInt(pack.getValue());
            }
            out.writeInt(entry.files().size());
            for (var file : entry.files().entrySet()) {
                out.writeUTF(file.getKey());
                out.writeLong(file.getValue().id());
                out.writeLong(file.getValue().from());
                pieces(out, file.getValue().pieces());
            }
            out.writeInt(entry.removed().size());
            for (var name : entry.removed()) out.writeUTF(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void pieces(DataOutputStream out, List<Piece> pieces) throws IOException {
        out.writeInt(pieces.size());
        for (var piece : pieces) {
            object(out, piece.object());
            out.writeInt(piece.offset());
            out.writeInt(piece.length());
            out.writeInt(piece.crc());
        }
    }

    private static void id(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static void object(DataOutputStream out, ObjectId object) throws IOException {
        out.writeLong(object.isEntry() ? 0 : object.epoch());
        out.writeInt(object.number());
    }

    /// How many bytes the header and the index take.
    ///
    /// @param bytes what an entry begins with
    /// @throws BucketException it is none, or of another version
    static int length(String key, byte[] bytes) throws BucketException {
        if (bytes.length < HEADER || ByteBuffer.wrap(bytes).getLong() != MAGIC)
            throw damaged(key, "it is no entry of a log");
        int version = ByteBuffer.wrap(bytes).getInt(8);
        if (version != VERSION)
            throw new BucketException(
                    BucketException.Kind.REFUSED,
                    "its format is version %d, and this Podium knows version %d"
                            .formatted(version, VERSION));
        int length = ByteBuffer.wrap(bytes).getInt(12);
        if (length < 0 || length > MOST) throw damaged(key, "its index has no possible length");
        return HEADER + length;
    }

    /// @param bytes header and index, to their end at least
    /// @param size of the object
    static Entry decode(String key, byte[] bytes, long size) throws BucketException {
        int length = length(key, bytes);
        if (bytes.length < length) throw damaged(key, "it is cut off");
        var index = java.util.Arrays.copyOfRange(bytes, HEADER, length);
        if (checksum(index) != ByteBuffer.wrap(bytes).getInt(16))
            throw damaged(key, "the checksum of its index is wrong");
        try (var in = new DataInputStream(new ByteArrayInputStream(index))) {
            var entry = entry(in, length);
            if (in.read() >= 0) throw new IOException("there is something behind its end");
            if (!ObjectId.entry(entry.sequence()).key().equals(key))
                throw new IOException("it is another one's");
            for (var file : entry.files().values())
                for (var piece : file.pieces())
                    if (piece.object().isEntry() && piece.offset() + piece.length() > size)
                        throw new IOException("its content is cut off");
            return entry;
        } catch (BucketException e) {
            throw e;
        } catch (IOException e) {
            throw damaged(key, String.valueOf(e.getMessage()));
        }
    }

    private static Entry entry(DataInputStream in, int content) throws IOException {
        var tree = new UUID(in.readLong(), in.readLong());
        long sequence = in.readLong();
        long epoch = in.readLong();
        var writer = new UUID(in.readLong(), in.readLong());
        long session = in.readLong();
        var host = in.readUTF();
        long checkpoint = in.readLong();
        boolean released = in.readBoolean();
        check(sequence > 0 && epoch > 0 && epoch <= sequence, "its numbers make no sense");
        check(checkpoint > 0 && checkpoint <= sequence, "its checkpoint makes no sense");
        var packs = new HashMap<ObjectId, Integer>();
        for (int left = count(in, 16); left > 0; left--)
            packs.put(object(in, sequence), positive(in));
        var files = new HashMap<String, Entry.Addition>();
        for (int left = count(in, 22); left > 0; left--) {
            var name = in.readUTF();
            check(isName(name), "it names a file '" + name + "'");
            long id = in.readLong();
            long from = in.readLong();
            files.put(name, new Entry.Addition(id, from, pieces(in, sequence, content)));
        }
        var removed = new ArrayList<String>();
        for (int left = count(in, 2); left > 0; left--) removed.add(in.readUTF());
        return new Entry(
                tree,
                sequence,
                epoch,
                writer,
                session,
                host,
                checkpoint,
                released,
                Map.copyOf(packs),
                Map.copyOf(files),
                List.copyOf(removed));
    }

    private static List<Piece> pieces(DataInputStream in, long sequence, int content)
            throws IOException {
        var pieces = new ArrayList<Piece>();
        for (int left = count(in, 24); left > 0; left--) {
            var object = object(in, sequence);
            int offset = positive(in);
            int length = positive(in);
            int crc = in.readInt();
            check(length > 0 && length <= Piece.MOST, "a piece has no possible length");
            long start = object.isEntry() ? (long) content + offset : offset;
            check(start + length <= Integer.MAX_VALUE, "a piece has no possible offset");
            pieces.add(new Piece(object, (int) start, length, crc));
        }
        return pieces;
    }

    /// Names are the cache's files' names, too: nothing else is let near the host.
    static boolean isName(String name) {
        return name.matches("[a-z0-9][a-z0-9.-]{0,99}");
    }

    private static int count(DataInputStream in, int least) throws IOException {
        int count = in.readInt();
        check(count >= 0 && count <= in.available() / least, "it counts what is not there");
        return count;
    }

    private static int positive(DataInputStream in) throws IOException {
        int number = in.readInt();
        check(number >= 0, "a number is negative");
        return number;
    }

    private static ObjectId object(DataInputStream in, long sequence) throws IOException {
        long epoch = in.readLong();
        int number = in.readInt();
        if (number == ObjectId.ENTRY) return ObjectId.entry(sequence);
        check(epoch > 0 && number >= 0, "an object's number is negative");
        return new ObjectId(epoch, number);
    }

    private static void check(boolean right, String otherwise) throws IOException {
        if (!right) throw new IOException(otherwise);
    }

    private static int checksum(byte[] bytes) {
        return checksum(bytes, 0, bytes.length);
    }

    static int checksum(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    static BucketException damaged(String key, String why) {
        return new BucketException(
                BucketException.Kind.DAMAGED, "the object %s is damaged: %s".formatted(key, why));
    }
}
