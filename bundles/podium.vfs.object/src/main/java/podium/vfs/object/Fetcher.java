package podium.vfs.object;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Reads content of files from the bucket.
final class Fetcher {

    private final Bucket bucket;
    private final Set<Piece> lost = ConcurrentHashMap.newKeySet();

    Fetcher(Bucket bucket) {
        this.bucket = bucket;
    }

    /// From now on of what is damaged in the bucket whatever is there is taken, and zeros where
    /// nothing is. What reads it has checksums of its own.
    void lose(Collection<Piece> pieces) {
        lost.addAll(pieces);
    }

    /// @param length bytes, all of which the bucket has
    byte[] fetch(CachedFile file, long from, int length) throws IOException {
        for (; ; ) {
            var remote = file.remote();
            try {
                return fetch(remote, from, length);
            } catch (BucketException e) {
                // It may have been moved to another object meanwhile.
                boolean moved = file.remote() != remote;
                if (e.kind() != BucketException.Kind.MISSING || !moved) throw e;
            }
        }
    }

    byte[] fetch(RemoteFile file, long from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        long at = 0;
        for (var piece : file.pieces()) {
            long start = Math.max(from, at);
            long end = Math.min(from + length, at + piece.length());
            if (start < end) bytes.put(part(piece, (int) (start - at), (int) (end - start)));
            at += piece.length();
        }
        if (bytes.hasRemaining()) throw new java.io.EOFException("the bucket has less of it");
        return bytes.array();
    }

    private byte[] part(Piece piece, int skip, int length) throws BucketException {
        if (lost.contains(piece)) return rest(piece, skip, length);
        var key = piece.object().key();
        var bytes = bucket.read(key, (long) piece.offset() + skip, length).bytes();
        if (bytes.length < length) throw EntryCodec.damaged(key, "it is cut off");
        boolean whole = length == piece.length();
        if (whole && EntryCodec.checksum(bytes, 0, length) != piece.crc())
            throw EntryCodec.damaged(key, "a checksum is wrong");
        return bytes;
    }

    private byte[] rest(Piece piece, int skip, int length) throws BucketException {
        try {
            var bytes =
                    bucket.read(piece.object().key(), (long) piece.offset() + skip, length).bytes();
            return Arrays.copyOf(bytes, length);
        } catch (BucketException e) {
            if (!e.isLoss()) throw e;
            return new byte[length];
        }
    }
}
