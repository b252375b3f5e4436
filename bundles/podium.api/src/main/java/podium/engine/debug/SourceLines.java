package podium.engine.debug;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap.SourceLine;

/// The lines of the source that instructions were made of, out of a module's custom sections: DWARF
/// of versions 2 to 5 (`.debug_line`, as `clang -g` makes it), or a source map in a `data:` URL
/// (`sourceMappingURL`). An engine sees no files and no network, so a source map that is elsewhere
/// is as none.
///
/// Thread-safe.
public final class SourceLines {

    private SourceLines() {}

    /// The custom sections of a module.
    @FunctionalInterface
    public interface Sections {

        /// The content of the first one of a name, from position to limit, or null. It is not
        /// changed.
        @Nullable ByteBuffer get(String name);
    }

    /// Whether there is a source map, be it elsewhere, so that somebody else may know lines.
    public static boolean areMapped(Sections sections) {
        return sections.get(SourceMapLines.SECTION) != null;
    }

    /// Looks for the lines of some instructions. Takes time in proportion to the sections, and no
    /// less: ask for all at once, and not before somebody wants to know.
    ///
    /// @param codeStart where in the binary the content of the code section begins
    /// @param offsets of the instructions in the binary
    /// @return a line for each, or null where the module does not tell
    public static List<@Nullable SourceLine> find(Sections sections, int codeStart, int[] offsets) {
        var wanted = new Wanted(offsets);
        if (sections.get(DwarfLines.SECTION) != null)
            new DwarfLines(sections, codeStart, wanted).read();
        else SourceMapLines.read(sections, wanted);
        return wanted.lines();
    }
}
