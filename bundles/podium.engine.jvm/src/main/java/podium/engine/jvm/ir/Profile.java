package podium.engine.jvm.ir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How often a training run executed each block, and of which methods HotSpot's compilers said that
/// they are too large. Text: a line for each function, its index and the counts of its blocks in
/// order, separated by blanks; and for each refusal a line of an exclamation mark, a blank and the
/// function's method. Only steers where code is placed, so a profile that does not fit is harmless.
public final class Profile {

    private static final int MAX_BLOCKS = 1 << 20;

    private static final String REFUSED = "! ";

    private final Map<Integer, long[]> counts = new TreeMap<>();

    private final Map<String, Integer> refusals = new TreeMap<>();

    /// Notes that HotSpot compiles a method not, of the function whose main method has this name.
    public void refuse(String method) {
        refusals.merge(method, 1, Integer::sum);
    }

    /// How many times a method of the function was refused.
    public int refusals(String method) {
        return refusals.getOrDefault(method, 0);
    }

    public void add(int function, long[] blocks) {
        for (long count : blocks)
            if (count != 0) {
                counts.put(function, blocks);
                return;
            }
    }

    public void apply(FunctionIr function) {
        var blocks = counts.get(function.function);
        if (blocks == null) return;
        function.counted = true;
        for (Block block : function.blocks)
            if (block.order < blocks.length) block.count = blocks[block.order];
    }

    /// Executions of a function's first block, 0 if unknown.
    public long entries(int function) {
        var blocks = counts.get(function);
        return blocks == null || blocks.length == 0 ? 0 : blocks[0];
    }

    /// What it says of some functions.
    public Profile of(Set<Integer> functions) {
        var part = new Profile();
        counts.forEach(
                (f, blocks) -> {
                    if (functions.contains(f)) part.add(f, blocks);
                });
        return part;
    }

    public void writeTo(Writer out) throws IOException {
        for (var e : counts.entrySet()) {
            out.write(Integer.toString(e.getKey()));
            for (long count : e.getValue()) {
                out.write(' ');
                out.write(Long.toString(count));
            }
            out.write('\n');
        }
        for (var e : refusals.entrySet())
            for (int i = 0; i < e.getValue(); i++) out.write(REFUSED + e.getKey() + '\n');
        out.flush();
    }

    /// @throws IOException a line is not what [#writeTo(Writer)] writes
    public static Profile readFrom(Reader in) throws IOException {
        var profile = new Profile();
        var lines = new BufferedReader(in);
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank()) continue;
            if (line.startsWith(REFUSED)) {
                profile.refuse(line.substring(REFUSED.length()));
                continue;
            }
            var words = line.trim().split(" +");
            if (words.length > MAX_BLOCKS) throw new IOException("a profile line too long");
            try {
                var blocks = new long[words.length - 1];
                for (int i = 0; i < blocks.length; i++) blocks[i] = Long.parseLong(words[i + 1]);
                profile.add(Integer.parseInt(words[0]), blocks);
            } catch (NumberFormatException e) {
                throw new IOException("not a line of a profile: " + line, e);
            }
        }
        return profile;
    }
}
