package podium.vfs.backend;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import podium.syscall.Errno;
import podium.syscall.LinuxString;

/// An inode's extended attributes, as they are at one time. Immutable.
public final class ExtendedAttributes {

    public static final ExtendedAttributes NONE = new ExtendedAttributes(new TreeMap<>(), 0);

    /// The most bytes that all names and values of an inode take together.
    public static final int MOST = 128 << 10;

    private static final int NAME_MAX = 255;
    private static final int SIZE_MAX = 65_536;

    /// Of xattr(7), those that are kept as they are.
    private static final List<String> NAMESPACES = List.of("user.", "trusted.", "security.");

    /// What a name and a value take besides.
    private static final int HEADER = 1 + 4;

    private static final int PAGE = 4096;

    private final SortedMap<String, byte[]> values;
    private final int size;

    private ExtendedAttributes(SortedMap<String, byte[]> values, int size) {
        this.values = values;
        this.size = size;
    }

    /// Many at once, as somebody else's data has them.
    ///
    /// @param values of names that [#isKept]
    /// @throws IllegalArgumentException no program can have set these; one line for people
    public static ExtendedAttributes of(Map<String, byte[]> values) {
        if (values.isEmpty()) return NONE;
        var all = new TreeMap<String, byte[]>();
        long size = 0;
        for (var one : values.entrySet()) {
            var name = one.getKey();
            boolean sound =
                    LinuxString.encode(name).length <= NAME_MAX
                            && name.indexOf('\0') < 0
                            && !NAMESPACES.contains(name);
            if (!sound) throw new IllegalArgumentException("a name is none");
            if (one.getValue().length > SIZE_MAX)
                throw new IllegalArgumentException("a value is too long");
            size += size(name, one.getValue().length);
            if (size > MOST)
                throw new IllegalArgumentException("they have more than %d bytes".formatted(MOST));
            all.put(name, one.getValue().clone());
        }
        return new ExtendedAttributes(all, (int) size);
    }

    /// Whether a name is of a namespace that backends keep. Others mean something to a file system
    /// or
    /// to another operating system, as access control lists do.
    public static boolean isKept(String name) {
        for (var namespace : NAMESPACES) if (name.startsWith(namespace)) return true;
        return false;
    }

    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /// A copy of a value, or null.
    public byte @Nullable [] get(String name) {
        var value = values.get(name);
        return value == null ? null : value.clone();
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /// Bytes that [#encode] makes.
    public int size() {
        return size;
    }

    /// Pages of 4 KiB that they take of a quota.
    public int pages() {
        return pages(size);
    }

    /// Pages of so many bytes.
    public static int pages(int size) {
        return (size + PAGE - 1) / PAGE;
    }

    /// With another value of a name, or without it.
    ///
    /// @param value null for without
    /// @throws podium.syscall.ErrnoException `ENOSPC`: together they exceed [#MOST]
    public ExtendedAttributes with(String name, byte @Nullable [] value) {
        var changed = new TreeMap<>(values);
        var old = changed.remove(name);
        int now = old == null ? size : size - size(name, old.length);
        if (value != null) {
            changed.put(name, value.clone());
            now += size(name, value.length);
            if (now > MOST) throw Errno.ENOSPC.exception();
        }
        return changed.isEmpty() ? NONE : new ExtendedAttributes(changed, now);
    }

    /// Bytes that one takes of [#MOST].
    ///
    /// @param length of its value
    public static int size(String name, int length) {
        return HEADER + LinuxString.encode(name).length + length;
    }

    /// For each the name's length in a byte, the name, the value's length in four, the value.
    public byte[] encode() {
        var bytes = ByteBuffer.allocate(size);
        values.forEach(
                (name, value) -> {
                    var encoded = LinuxString.encode(name);
                    bytes.put((byte) encoded.length).put(encoded);
                    bytes.putInt(value.length).put(value);
                });
        return bytes.array();
    }

    /// What [#encode] made.
    ///
    /// @throws IllegalArgumentException it did not
    public static ExtendedAttributes decode(byte[] encoded) {
        if (encoded.length > MOST) throw new IllegalArgumentException("too many bytes");
        var bytes = ByteBuffer.wrap(encoded);
        var values = new TreeMap<String, byte[]>();
        try {
            while (bytes.hasRemaining()) {
                var name = LinuxString.decode(take(bytes, Byte.toUnsignedInt(bytes.get())));
                if (name.isEmpty() || values.put(name, take(bytes, bytes.getInt())) != null)
                    throw new IllegalArgumentException("a name is empty, or comes twice");
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("cut off", e);
        }
        return values.isEmpty() ? NONE : new ExtendedAttributes(values, encoded.length);
    }

    private static byte[] take(ByteBuffer from, int length) {
        if (length < 0 || length > from.remaining()) throw new BufferUnderflowException();
        var taken = new byte[length];
        from.get(taken);
        return taken;
    }
}
