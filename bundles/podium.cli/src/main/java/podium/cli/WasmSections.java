package podium.cli;

import java.util.ArrayList;
import java.util.List;
import podium.cli.WasmReader.Malformed;

/// The sections of a WebAssembly module, whatever is in them.
///
/// @param malformed what is wrong with the binary, or empty
record WasmSections(List<Section> sections, String malformed) {

    private static final int HEADER = 8;
    private static final int CUSTOM = 0;

    private static final String[] NAMES = {
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
        "tag"
    };

    /// @param id 0 for a custom section
    /// @param name of a custom section its own
    /// @param size in bytes
    /// @param count of its entries; -1 where it has none
    /// @param start of its content
    record Section(int id, String name, int size, int count, int start) {}

    /// @param module that begins as one
    static WasmSections of(byte[] module) {
        var sections = new ArrayList<Section>();
        var in = new WasmReader(module, HEADER, module.length);
        try {
            while (!in.atEnd()) {
                int id = in.u8();
                int size = in.count();
                int start = in.position();
                sections.add(section(id, size, start, in.part(size)));
            }
            return new WasmSections(List.copyOf(sections), "");
        } catch (Malformed e) {
            return new WasmSections(List.copyOf(sections), String.valueOf(e.getMessage()));
        }
    }

    private static Section section(int id, int size, int start, WasmReader in) throws Malformed {
        if (id == CUSTOM) return new Section(id, in.name(), size, -1, start);
        var name = id < NAMES.length ? NAMES[id] : "unknown " + id;
        boolean counted = id != 8 && id != 12 && id < NAMES.length;
        return new Section(id, name, size, counted ? (int) in.leb() : -1, start);
    }

    /// What is wrong with a file that is no module, in one line; empty if it may be one.
    static String whyNoModule(byte[] start) {
        if (start.length < 4
                || start[0] != 0
                || start[1] != 'a'
                || start[2] != 's'
                || start[3] != 'm')
            return looksLikeText(start)
                    ? "is WebAssembly's text format: make a module of it, such as by wat2wasm"
                    : "is not a WebAssembly module";
        if (start.length < HEADER) return "is not a WebAssembly module: it ends early";
        if (start[6] == 1 && start[7] == 0) return "is a WebAssembly component, not a module";
        if (start[4] != 1 || start[5] != 0 || start[6] != 0 || start[7] != 0)
            return "is a WebAssembly module of an unknown version";
        return "";
    }

    private static boolean looksLikeText(byte[] start) {
        int i = 0;
        while (i < start.length && start[i] > 0 && start[i] <= ' ') i++;
        return i + 1 < start.length
                && start[i] == '('
                && (start[i + 1] == 'm' || start[i + 1] == ';');
    }
}
