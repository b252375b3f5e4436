package podium.vfs.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Writes a journal. It may be filled with zeros some way ahead, so that a commit changes nothing
/// of the file but its content, which makes it durable sooner, and so that there is room for some
/// commits when the disk is full. Guarded by the store's commit lock.
final class Journal implements AutoCloseable {

    private static final String PREFIX = "journal-";

    /// Of the name of a journal that is not complete yet.
    static final String UNFINISHED = ".new";

    final JournalHeader header;
    private DiskFile file;
    private final int ahead;
    private long position;
    private long sequence;

    /// Up to where the file was written.
    private long filled;

    /// Where the commits began.
    private long snapshot;

    private Journal(JournalHeader header, DiskFile file, int ahead) {
        this.header = header;
        this.file = file;
        this.ahead = ahead;
    }

    /// Begins a journal, under the name of an unfinished one.
    ///
    /// @param ahead bytes of zeros to keep behind what is in it
    static Journal create(Disk disk, JournalHeader header, long sequence, int ahead)
            throws IOException {
        var file = disk.create(name(header.generation()) + UNFINISHED);
        var journal = new Journal(header, file, ahead);
        journal.file.write(header.encode(), 0);
        journal.position = journal.filled = 2L * JournalHeader.SIZE;
        journal.sequence = sequence;
        return journal;
    }

    /// Goes on behind what was read. What is left there of a frame that was on its way is wiped
    /// out.
    static Journal resume(DiskFile file, JournalReader reader, long snapshot, int ahead)
            throws IOException {
        var journal = new Journal(reader.header, file, ahead);
        journal.position = reader.position();
        journal.sequence = reader.sequence();
        journal.filled = file.size();
        journal.snapshot = snapshot;
        journal.wipe();
        return journal;
    }

    static String name(long generation) {
        return "%s%016x".formatted(PREFIX, generation);
    }

    /// @return the number in the name of a journal, or -1 for other files
    static long generation(String name) {
        if (!name.matches(PREFIX + "[0-7][0-9a-f]{15}")) return -1;
        return Long.parseLong(name.substring(PREFIX.length()), 16);
    }

    long sequence() {
        return sequence;
    }

    /// Bytes of commits since the snapshot.
    long growth() {
        return position - snapshot;
    }

    /// Bytes of the snapshot.
    long base() {
        return snapshot;
    }

    /// Writes a frame. It is durable from [#force] on, and no other one may be written before.
    ///
    /// @throws NoSpaceException nothing of it stays
    void append(int kind, ByteBuffer records) throws IOException {
        var frame = Frame.encode(header.salt(), sequence + 1, kind, records);
        int length = frame.remaining();
        boolean done = false;
        try {
            if (kind == Frame.COMMIT) fill(position + length);
            file.write(frame, position);
            done = true;
        } catch (NoSpaceException e) {
            filled = Math.max(filled, file.size());
            wipe();
            throw e;
        } finally {
            if (done) {
                position += length;
                filled = Math.max(filled, position);
                sequence++;
            }
        }
        if (kind == Frame.SNAPSHOT_END) snapshot = position;
    }

    private void fill(long wanted) throws IOException {
        if (ahead == 0 || wanted <= filled) return;
        var zeros = ByteBuffer.allocate((int) (wanted + ahead - filled));
        try {
            file.write(zeros, filled);
            filled = wanted + ahead;
        } catch (NoSpaceException e) {
            // The frame alone may still fit; if not, writing it says so.
            filled = Math.max(filled, file.size());
        }
    }

    /// Writes zeros where the next frame goes, as far as the file has been written.
    private void wipe() throws IOException {
        var zeros = ByteBuffer.allocate(Math.clamp(filled - position, 0, 1 << 16));
        for (long at = position; at < filled; at += zeros.capacity())
            file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), filled - at)), at);
    }

    void force() throws IOException {
        file.force();
    }

    /// Gives it its name, once what was appended is durable.
    void publish(Disk disk) throws IOException {
        var name = name(header.generation());
        // So that what is renamed cannot be an earlier file, one that was never finished.
        disk.force();
        disk.rename(name + UNFINISHED, name);
        disk.force();
        // A file may have to be opened again later, and then by the name it has.
        file.close();
        file = disk.open(name);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
