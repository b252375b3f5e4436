package podium.vfs.object;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/// An entry of the log: what changed in the bucket, all at once. What the tree is follows from the
/// last checkpoint and the entries behind it.
///
/// @param tree which one
/// @param sequence one more than the entry's before
/// @param epoch the sequence number of the entry by which the writer took over
/// @param writer who that is: a cache
/// @param session which mount of it
/// @param host where that is, for people
/// @param checkpoint the sequence number of the last one, perhaps this entry's
/// @param released whether the writer has ended
/// @param packs sizes of packs that are new; in a checkpoint, of all there are
/// @param files what is new of them; in a checkpoint, all of all there are
/// @param removed names of files that are no more
record Entry(
        UUID tree,
        long sequence,
        long epoch,
        UUID writer,
        long session,
        String host,
        long checkpoint,
        boolean released,
        Map<ObjectId, Integer> packs,
        Map<String, Addition> files,
        List<String> removed) {

    /// What is new of a file.
    ///
    /// @param id which file; if another one had the name, that is no more
    /// @param from how long it was
    /// @param pieces what lies behind
    record Addition(long id, long from, List<Piece> pieces) {}

    /// The entry behind this one, by the same writer.
    Entry next(
            long checkpoint,
            boolean released,
            Map<ObjectId, Integer> packs,
            Map<String, Addition> files,
            List<String> removed) {
        return new Entry(
                tree,
                sequence + 1,
                epoch,
                writer,
                session,
                host,
                checkpoint,
                released,
                packs,
                files,
                removed);
    }

    boolean isCheckpoint() {
        return checkpoint == sequence;
    }
}
