package podium.vfs.object;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Puts parts of files into packs, some of which are on their way to the bucket at a time.
final class Packer implements AutoCloseable {

    private static final int MOST_AT_ONCE = 4;

    private final Bucket bucket;
    private final Supplier<ObjectId> ids;
    private final Map<ObjectId, Integer> packs = new HashMap<>();
    private final ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> going = new ArrayList<>();
    private final ByteArrayOutputStream pack = new ByteArrayOutputStream();
    private ObjectId id;

    /// @param ids of new packs
    Packer(Bucket bucket, Supplier<ObjectId> ids) {
        this.bucket = bucket;
        this.ids = ids;
        id = ids.get();
    }

    /// What of a file is to be put.
    interface Source {
        void read(ByteBuffer into, long position) throws IOException;
    }

    /// @return where it will be, once [#finish] has returned
    List<Piece> add(Source file, long from, long to) throws IOException {
        var pieces = new ArrayList<Piece>();
        while (from < to) {
            int length = (int) Math.min(to - from, Piece.MOST - pack.size());
            var bytes = new byte[length];
            file.read(ByteBuffer.wrap(bytes), from);
            int crc = EntryCodec.checksum(bytes, 0, length);
            pieces.add(new Piece(id, pack.size(), length, crc));
            pack.writeBytes(bytes);
            from += length;
            if (pack.size() == Piece.MOST) send();
        }
        return pieces;
    }

    private void send() throws IOException {
        var bytes = pack.toByteArray();
        var key = id.key();
        packs.put(id, bytes.length);
        pack.reset();
        id = ids.get();
        while (going.size() >= MOST_AT_ONCE) Waiting.on(going.removeFirst());
        going.add(
                pool.submit(
                        () -> {
                            bucket.put(key, bytes);
                            return null;
                        }));
    }

    /// All of it is in the bucket.
    ///
    /// @return the packs and their sizes
    Map<ObjectId, Integer> finish() throws IOException {
        if (pack.size() > 0) send();
        while (!going.isEmpty()) Waiting.on(going.removeFirst());
        return packs;
    }

    @Override
    public void close() {
        pool.close();
    }
}
