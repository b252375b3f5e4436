package podium.vfs.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import podium.syscall.LinuxString;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Some entries of a directory, by cookie: all there are behind one place, or the next many. A
/// cookie is a hash of the name, so that it stays valid whatever comes and goes, without anything
/// kept; and a large directory is read in several passes, without ever holding all of it.
///
/// @param from cookie behind which they begin
/// @param entries by cookie
/// @param complete whether none follow
record Listing(long from, List<Node.Entry> entries, boolean complete) {

    /// The most entries held.
    private static final int MOST = 16_384;

    /// `struct linux_dirent64`: i-node number, offset, length, type, name.
    private static final int LENGTH = 16;

    private static final int TYPE = 18;
    private static final int NAME = 19;

    /// Numbers and lengths lie as they come.
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private static final Comparator<Node.Entry> ORDER =
            Comparator.comparingLong(Node.Entry::cookie).thenComparing(Node.Entry::name);

    /// Reads what follows a cookie.
    ///
    /// @param directory an open descriptor at its start
    static Listing read(HostFileSystem fs, int directory, long from) {
        var found = new ArrayList<Node.Entry>();
        var bytes = Scratch.own().bytes;
        long last = Long.MAX_VALUE;
        boolean complete = true;
        for (int length = Linux.getdents(directory);
                length > 0;
                length = Linux.getdents(directory)) {
            for (int at = 0; at < length; at += bytes.get(SHORT, at + LENGTH)) {
                var entry = entry(fs, bytes, at);
                if (entry == null || entry.cookie() <= from || entry.cookie() > last) continue;
                found.add(entry);
            }
            if (found.size() < 2 * MOST) continue;
            found.sort(ORDER);
            found.subList(MOST, found.size()).clear();
            last = found.getLast().cookie();
            complete = false;
        }
        found.sort(ORDER);
        apart(found);
        return new Listing(from, found, complete);
    }

    private static Node.@org.jspecify.annotations.Nullable Entry entry(
            HostFileSystem fs, MemorySegment bytes, int at) {
        int end = at + NAME;
        while (bytes.get(ValueLayout.JAVA_BYTE, end) != 0) end++;
        var name = bytes.asSlice(at + NAME, end - at - NAME).toArray(ValueLayout.JAVA_BYTE);
        // `.` and `..` are the VFS's.
        if (!Linux.isName(name)) return null;
        int type = (bytes.get(ValueLayout.JAVA_BYTE, at + TYPE) << 12) & Mode.TYPE;
        return new Node.Entry(
                LinuxString.decode(name), fs.inode(bytes.get(LONG, at)), type, fs.cookie(name));
    }

    /// Gives names of one hash cookies of their own.
    private static void apart(List<Node.Entry> entries) {
        for (int i = 1; i < entries.size(); i++) {
            long before = entries.get(i - 1).cookie();
            var entry = entries.get(i);
            if (entry.cookie() > before) continue;
            entries.set(i, new Node.Entry(entry.name(), entry.inode(), entry.type(), before + 1));
        }
    }

    /// Whether it says what follows a cookie.
    boolean covers(long cookie) {
        if (cookie < from) return false;
        return complete || cookie < entries.getLast().cookie();
    }

    /// The first ones behind a cookie.
    List<Node.Entry> entries(long cookie, int limit) {
        int found =
                Collections.binarySearch(
                        entries,
                        new Node.Entry("", 0, 0, cookie),
                        Comparator.comparingLong(Node.Entry::cookie));
        int start = found >= 0 ? found + 1 : -found - 1;
        return entries.subList(start, (int) Math.min(entries.size(), (long) start + limit));
    }
}
