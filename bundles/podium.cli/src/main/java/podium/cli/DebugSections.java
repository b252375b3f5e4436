package podium.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import podium.cli.WasmReader.Malformed;

/// What a module says of its source in custom sections, which is what stack traces can tell.
final class DebugSections {

    private static final String SOURCE_MAP = "sourceMappingURL";

    private DebugSections() {}

    /// @return each in a few words
    static List<String> of(byte[] module, WasmSections sections) {
        var custom =
                sections.sections().stream()
                        .filter(section -> section.id() == 0)
                        .collect(
                                Collectors.toMap(
                                        WasmSections.Section::name, s -> s, (first, _) -> first));
        var found = new ArrayList<String>();
        if (custom.containsKey("name")) found.add("names");
        if (custom.containsKey(".debug_line")) found.add("lines (DWARF)");
        else if (custom.containsKey(".debug_info")) found.add("DWARF without lines");
        var map = custom.get(SOURCE_MAP);
        if (map != null) found.add(sourceMap(new WasmReader(module, map.start(), module.length)));
        return found;
    }

    /// @param in at the section
    private static String sourceMap(WasmReader in) {
        try {
            in.name();
            boolean here = in.name().regionMatches(true, 0, "data:", 0, 5);
            return here ? "a source map" : "a source map elsewhere, which is not read";
        } catch (Malformed e) {
            return "a malformed source map";
        }
    }
}
