package podium.kernel.frozen;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a process runs.
///
/// @param path of the program, absolute
/// @param name of the process
/// @param export the function it is in
/// @param parameters of that function
/// @param directories that programs find open: names and paths; null for all
public record FrozenProgram(
        String path,
        String name,
        List<String> arguments,
        List<String> environment,
        String export,
        List<Integer> parameters,
        @Nullable Map<String, String> directories) {

    /// Entries of argv and envp.
    private static final int MAX_STRINGS = 1 << 20;

    void writeTo(DataOutputStream out) throws IOException {
        Fields.putText(out, path);
        Fields.putText(out, name);
        Fields.putList(out, arguments, Fields::putText);
        Fields.putList(out, environment, Fields::putText);
        Fields.putText(out, export);
        Fields.putList(out, parameters, DataOutputStream::writeInt);
        out.writeBoolean(directories != null);
        if (directories == null) return;
        Fields.putList(out, List.copyOf(directories.keySet()), Fields::putText);
        Fields.putList(out, List.copyOf(directories.values()), Fields::putText);
    }

    static FrozenProgram readFrom(DataInputStream in) throws IOException {
        return new FrozenProgram(
                Fields.text(in),
                Fields.text(in),
                Fields.list(in, MAX_STRINGS, Fields::text),
                Fields.list(in, MAX_STRINGS, Fields::text),
                Fields.text(in),
                Fields.list(in, 1, DataInputStream::readInt),
                in.readBoolean() ? directories(in) : null);
    }

    private static Map<String, String> directories(DataInputStream in) throws IOException {
        var names = Fields.list(in, MAX_STRINGS, Fields::text);
        var paths = Fields.list(in, MAX_STRINGS, Fields::text);
        if (names.size() != paths.size())
            throw new IOException("a frozen process with names and paths that do not match");
        var directories = new LinkedHashMap<String, String>();
        for (int i = 0; i < names.size(); i++) directories.put(names.get(i), paths.get(i));
        return directories;
    }
}
