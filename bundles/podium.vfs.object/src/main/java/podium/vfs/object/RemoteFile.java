package podium.vfs.object;

import java.util.ArrayList;
import java.util.List;

/// A file of the store's, as far as it is in the bucket. Files only get longer. Immutable.
///
/// @param id never used for another file
/// @param size bytes
/// @param pieces where they lie, in their order
record RemoteFile(long id, long size, List<Piece> pieces) {

    RemoteFile {
        pieces = List.copyOf(pieces);
    }

    /// The same file when it was longer.
    RemoteFile with(List<Piece> more) {
        var all = new ArrayList<>(pieces);
        long length = size;
        for (var piece : more) {
            all.add(piece);
            length += piece.length();
        }
        return new RemoteFile(id, length, all);
    }
}
