package podium.vfs.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A file of content: written from its beginning to its end, nothing of it twice, and removed when
/// nothing of it is used. Guarded by [Segments].
final class Segment {

    private static final String PREFIX = "data-";

    final int number;

    /// Bytes written.
    long size;

    /// Bytes that files refer to.
    long used;

    /// Whether something was written since it was forced last.
    boolean written;

    /// Whether its name may not be durable yet.
    boolean fresh;

    /// Whether its file was seen or made.
    boolean there;

    private @Nullable DiskFile file;
    private int users;

    Segment(int number) {
        this.number = number;
    }

    String name() {
        return "%s%08x".formatted(PREFIX, number);
    }

    /// @return the number in the name of a segment's file, or -1 for other files
    static int number(String name) {
        if (!name.matches(PREFIX + "[0-7][0-9a-f]{7}")) return -1;
        return Integer.parseInt(name.substring(PREFIX.length()), 16);
    }

    boolean isOpen() {
        return file != null;
    }

    boolean isInUse() {
        return users > 0;
    }

    /// @return its file, in use until [#leave]
    DiskFile enter(Disk disk) throws IOException {
        var known = file;
        if (known == null) file = known = disk.open(name());
        users++;
        return known;
    }

    void leave() {
        users--;
    }

    void made(DiskFile made) {
        file = made;
        there = fresh = true;
    }

    void close() throws IOException {
        var known = file;
        file = null;
        if (known != null) known.close();
    }
}
