package podium.engine.jvm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.emit.ModuleCompiler;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.wasm.InterpreterBodies;
import podium.engine.jvm.wasm.Skeleton;
import podium.engine.jvm.wasm.WasmModule;

/// A module compiled ahead, in one file: magic, the compiler's version, the module's SHA-256, the
/// module without its code, what specialising it takes, how far it is, and each class with its
/// name, big-endian.
///
/// @param skeleton see [podium.engine.jvm.wasm.Skeleton]; empty when functions are left to compile
/// @param classes by name
/// @param interpreters see [InterpreterData]; empty where there are none
/// @param progress see [ModuleCompiler#progress()]; empty when all is compiled
public record PreparedCode(
        byte[] skeleton, Map<String, byte[]> classes, byte[] interpreters, byte[] progress) {

    private static final byte[] NONE = {};

    private static final int MAGIC = 0x504f4443; // "PODC"

    /// Changes whenever compiled code and this engine's library no longer fit.
    static final int VERSION = 15;

    private static final int MAX_CLASSES = 65_536;
    private static final int MAX_BYTES = 512 << 20;

    /// Up to here a length is believed before as many bytes are seen.
    private static final int BELIEVED = 32 << 20;

    /// All of a module's.
    ///
    /// @param profile that it was compiled with, or null
    /// @param positions of which functions stack traces tell where in the binary they are
    static PreparedCode of(
            WasmModule module,
            Layout layout,
            @Nullable Profile profile,
            IntPredicate positions,
            Map<String, byte[]> classes) {
        var interpreters = InterpreterBodies.in(module);
        var data = NONE;
        if (!interpreters.isEmpty()) {
            var starts = new TreeMap<Integer, Integer>();
            for (int function : interpreters)
                if (positions.test(function)) starts.put(function, module.bodyStart(function));
            data = InterpreterData.write(layout.assignedClasses(), starts, profile, interpreters);
        }
        return new PreparedCode(Skeleton.of(module, interpreters), classes, data, NONE);
    }

    /// What there is when compiling is left off: the classes around the functions', such as are
    /// made early, and some of the functions'.
    ///
    /// @param compiler that made them
    static PreparedCode begun(ModuleCompiler compiler, Map<String, byte[]> classes) {
        return new PreparedCode(NONE, classes, NONE, compiler.progress());
    }

    boolean isComplete() {
        return progress.length == 0;
    }

    /// Bytes, without those that names take.
    long size() {
        return skeleton.length
                + interpreters.length
                + progress.length
                + classes.values().stream().mapToLong(bytes -> bytes.length).sum();
    }

    void writeTo(OutputStream stream, String sha256) throws IOException {
        var out = new DataOutputStream(stream);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(sha256);
        write(out, skeleton);
        write(out, interpreters);
        write(out, progress);
        out.writeInt(classes.size());
        for (var e : classes.entrySet()) {
            out.writeUTF(e.getKey());
            write(out, e.getValue());
        }
        out.flush();
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// @return null if it was made for another module or by another version of the engine
    /// @throws IOException the stream ends early or is damaged
    public static @Nullable PreparedCode readFrom(InputStream stream, String sha256)
            throws IOException {
        var in = new DataInputStream(stream);
        if (in.readInt() != MAGIC || in.readInt() != VERSION) return null;
        if (!in.readUTF().equals(sha256)) return null;
        var skeleton = read(in);
        var interpreters = read(in);
        var progress = read(in);
        int count = in.readInt();
        if (count < 0 || count > MAX_CLASSES) throw new IOException("prepared code is damaged");
        var classes = LinkedHashMap.<String, byte[]>newLinkedHashMap(count);
        for (int i = 0; i < count; i++) classes.put(in.readUTF(), read(in));
        return new PreparedCode(skeleton, classes, interpreters, progress);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BYTES) throw new IOException("prepared code is damaged");
        var bytes = length > BELIEVED ? in.readNBytes(length) : new byte[length];
        int count = length > BELIEVED ? bytes.length : in.readNBytes(bytes, 0, length);
        if (count != length) throw new IOException("prepared code ends early");
        return bytes;
    }
}
