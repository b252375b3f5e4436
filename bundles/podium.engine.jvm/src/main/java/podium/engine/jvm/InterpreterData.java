package podium.engine.jvm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.emit.SpecialisingCompiler;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.wasm.WasmModule;

/// What specialising a module's interpreters takes that was compiled before: the class of each
/// function, and what the training run counted of the interpreters.
///
/// @param classes by function that has a body
/// @param starts where in the module's binary bodies begin, by function; of those alone that tell
///     positions
record InterpreterData(int[] classes, Map<Integer, Integer> starts, Profile profile) {

    private static final int MAX_FUNCTIONS = 1_000_000;

    /// @param profile of the training run, or null
    /// @param interpreters their indices
    static byte[] write(
            int[] classes,
            Map<Integer, Integer> starts,
            @Nullable Profile profile,
            Set<Integer> interpreters) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(classes.length);
            for (int number : classes) out.writeInt(number);
            out.writeInt(starts.size());
            for (var e : starts.entrySet()) {
                out.writeInt(e.getKey());
                out.writeInt(e.getValue());
            }
            var text = new OutputStreamWriter(out, StandardCharsets.US_ASCII);
            if (profile != null) profile.of(interpreters).writeTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is none in memory
        }
        return bytes.toByteArray();
    }

    /// @throws UncheckedIOException the data is damaged
    static InterpreterData read(byte[] bytes) {
        try {
            return read(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InterpreterData read(DataInputStream in) throws IOException {
        var classes = new int[count(in)];
        for (int i = 0; i < classes.length; i++) classes[i] = in.readInt();
        var starts = new HashMap<Integer, Integer>();
        for (int left = count(in); left > 0; left--) starts.put(in.readInt(), in.readInt());
        var rest = new InputStreamReader(in, StandardCharsets.US_ASCII);
        return new InterpreterData(classes, starts, Profile.readFrom(rest));
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_FUNCTIONS) throw new IOException("prepared code is damaged");
        return count;
    }

    /// @param module with the bodies of its interpreters
    SpecialisingCompiler compiler(WasmModule module, int methodSize) {
        return new SpecialisingCompiler(
                Layout.known(module, classes), profile, methodSize, starts::containsKey);
    }
}
