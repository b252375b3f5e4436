package podium.kernel.frozen;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import podium.syscall.LinuxString;

/// How lists and texts are written and read. What is read comes from who knows where: no number is
/// believed before as many bytes are seen.
final class Fields {

    /// Bytes of a text, as an argument of execve(2) may have.
    private static final int MAX_TEXT = 128 << 10;

    private Fields() {}

    /// Writes one of a list's elements.
    interface Writer<T> {
        void write(DataOutputStream out, T value) throws IOException;
    }

    /// Reads one of a list's elements.
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static void putText(DataOutputStream out, String text) throws IOException {
        putBytes(out, LinuxString.encode(text));
    }

    static String text(DataInputStream in) throws IOException {
        return LinuxString.decode(bytes(in, MAX_TEXT));
    }

    static void putBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static byte[] bytes(DataInputStream in, int most) throws IOException {
        int count = count(in, most);
        var bytes = in.readNBytes(count); // which takes no room for more than there is
        if (bytes.length < count) throw new EOFException();
        return bytes;
    }

    static <T> void putList(DataOutputStream out, List<T> list, Writer<T> element)
            throws IOException {
        out.writeInt(list.size());
        for (var each : list) element.write(out, each);
    }

    static <T> List<T> list(DataInputStream in, int most, Reader<T> element) throws IOException {
        int count = count(in, most);
        var list = new ArrayList<T>();
        for (int i = 0; i < count; i++) list.add(element.read(in));
        return List.copyOf(list);
    }

    static int count(DataInputStream in, int most) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most)
            throw new IOException(
                    "a frozen process with " + count + " entries where at most " + most + " fit");
        return count;
    }
}
