package podium.vfs.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import podium.vfs.CheckReport;
import podium.vfs.store.Check;

/// Looks whether the objects of a tree are what was written, every byte of them, and makes a tree
/// whole again that lacks some.
final class Doctor {

    private static final int STEP = 1 << 20;

    private final Bucket bucket;
    private final ObjectDisk disk;
    private final CheckReport report;

    Doctor(Bucket bucket, ObjectDisk disk, CheckReport report) {
        this.bucket = bucket;
        this.disk = disk;
        this.report = report;
    }

    /// Reads everything in the bucket.
    ///
    /// @return what is lost
    /// @throws IOException the bucket cannot be read, which says nothing about what is in it
    List<Piece> examine() throws IOException {
        var lost = new ArrayList<Piece>();
        int objects = 0;
        long bytes = 0;
        var end = new Log(bucket).read();
        if (end == null) throw new IOException("it holds no tree");
        var remote = end.remote();
        for (var file : remote.files().entrySet()) {
            long at = 0;
            for (var piece : file.getValue().pieces()) {
                if (!isRight(file.getKey(), at, piece)) lost.add(piece);
                at += piece.length();
            }
            bytes += at;
            if (!report.progress(++objects, bytes, 0))
                throw new java.io.InterruptedIOException("interrupted");
        }
        report.note(
                "%s: %d files of the store with %d bytes in %d objects"
                        .formatted(
                                bucket.name(),
                                remote.files().size(),
                                bytes,
                                remote.objects().size()));
        return lost;
    }

    private boolean isRight(String name, long at, Piece piece) throws IOException {
        var key = piece.object().key();
        try {
            var bytes = bucket.read(key, piece.offset(), piece.length()).bytes();
            boolean right =
                    bytes.length == piece.length()
                            && EntryCodec.checksum(bytes, 0, bytes.length) == piece.crc();
            if (right) return true;
            problem(name, at, piece, "the object %s is damaged".formatted(key));
        } catch (BucketException e) {
            if (!e.isLoss()) throw e;
            problem(name, at, piece, e.getMessage());
        }
        return false;
    }

    private void problem(String name, long at, Piece piece, String why) {
        report.problem("%s, bytes %d to %d: %s".formatted(name, at, at + piece.length() - 1, why));
    }

    /// Looks whether the store is whole that the objects hold.
    ///
    /// @return how many problems there are
    int check() throws IOException {
        try {
            return Check.check(disk, report);
        } catch (BucketException e) {
            if (!e.isLoss()) throw e;
            report.problem(e.getMessage());
            return 1;
        }
    }

    /// Puts what the cache has in place of what is damaged, or else what is left of that, and
    /// brings
    /// the store to a state that makes sense.
    void repair() throws IOException {
        var lost = examine();
        if (!lost.isEmpty()) {
            disk.replace(lost);
            report.note("what was damaged is written again, as far as it is here or there");
        }
        fetch();
        Check.repair(disk, report);
    }

    /// Everything is in the cache, so that a failure of the network is no damage.
    private void fetch() throws IOException {
        for (var name : disk.list())
            try (var file = disk.open(name)) {
                var buffer = ByteBuffer.allocate(STEP);
                for (long at = 0; at < file.size(); at += buffer.limit()) {
                    buffer.clear().limit((int) Math.min(STEP, file.size() - at));
                    file.read(buffer, at);
                }
            }
    }
}
