package podium.vfs.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.syscall.LinuxString;

/// A `struct inotify_event` (inotify(7)).
///
/// @param watch -1 for an overflow
record InotifyEvent(int watch, int mask, int cookie, @Nullable String name) {

    private static final int ROOM = 12;
    private static final int HEADER = 16;

    /// Waits for some.
    static List<InotifyEvent> read(int inotify) {
        var events = new ArrayList<InotifyEvent>();
        int length = Linux.read(inotify);
        var bytes = Scratch.own().bytes;
        for (int at = 0; at < length; at += HEADER + bytes.get(ValueLayout.JAVA_INT, at + ROOM))
            events.add(at(bytes, at));
        return events;
    }

    private static InotifyEvent at(MemorySegment bytes, int offset) {
        int room = bytes.get(ValueLayout.JAVA_INT, offset + ROOM);
        return new InotifyEvent(
                bytes.get(ValueLayout.JAVA_INT, offset),
                bytes.get(ValueLayout.JAVA_INT, offset + 4),
                bytes.get(ValueLayout.JAVA_INT, offset + 8),
                room == 0 ? null : name(bytes.asSlice(offset + HEADER, room)));
    }

    /// @param padded with zeros, perhaps to its end
    private static String name(MemorySegment padded) {
        int end = 0;
        while (end < padded.byteSize() && padded.get(ValueLayout.JAVA_BYTE, end) != 0) end++;
        return LinuxString.decode(padded.asSlice(0, end).toArray(ValueLayout.JAVA_BYTE));
    }

    boolean is(int bits) {
        return (mask & bits) == bits;
    }
}
