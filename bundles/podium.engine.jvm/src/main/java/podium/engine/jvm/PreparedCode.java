package podium.engine.jvm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The classes of a module compiled ahead, in one file: magic, the compiler's version, the module's
/// SHA-256, and each
/// class with its name, big-endian.
final class PreparedCode {

    private static final int MAGIC = 0x504f4443; // "PODC"

    /// Changes whenever compiled code and this engine's library no longer fit.
    static final int VERSION = 2;

    private static final int MAX_CLASSES = 65_536;
    private static final int MAX_BYTES = 16 << 20;

    private PreparedCode() {}

    static void write(OutputStream stream, String sha256, Map<String, byte[]> classes)
            throws IOException {
        var out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(sha256);
        out.writeInt(classes.size());
        for (var e : classes.entrySet()) {
            out.writeUTF(e.getKey());
            out.writeInt(e.getValue().length);
            out.write(e.getValue());
        }
        out.flush();
    }

    /// @return null if it was made for another module or by another version of the engine
    /// @throws IOException the stream ends early or is damaged
    static @Nullable Map<String, byte[]> read(InputStream stream, String sha256)
            throws IOException {
        var in = new DataInputStream(stream);
        if (in.readInt() != MAGIC || in.readInt() != VERSION) return null;
        if (!in.readUTF().equals(sha256)) return null;
        int count = in.readInt();
        if (count < 0 || count > MAX_CLASSES) throw new IOException("prepared code is damaged");
        var classes = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < count; i++) {
            var name = in.readUTF();
            int length = in.readInt();
            if (length < 0 || length > MAX_BYTES) throw new IOException("prepared code is damaged");
            var bytes = in.readNBytes(length);
            if (bytes.length != length) throw new IOException("prepared code ends early");
            classes.put(name, bytes);
        }
        return classes;
    }
}
