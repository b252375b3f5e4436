package podium.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A vector instruction (core specification, section 5.4.8).
///
/// @param code after the prefix
/// @param operands a letter for each, as in [WasmAssembler]
/// @param result its letter, or `-`
public record VectorInstruction(int code, String name, String operands, char result) {

    /// All there are, the relaxed ones included.
    public static List<VectorInstruction> all() {
        var rows = new ArrayList<VectorInstruction>();
        try (var in = VectorInstruction.class.getResourceAsStream("vectors.txt");
                var lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("#")) continue;
                var words = line.split(" ");
                var operands = words[2].equals("-") ? "" : words[2];
                int code = Integer.parseInt(words[0], 16);
                rows.add(new VectorInstruction(code, words[1], operands, words[3].charAt(0)));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return rows;
    }
}
