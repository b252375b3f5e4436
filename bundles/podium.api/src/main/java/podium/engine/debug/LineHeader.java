package podium.engine.debug;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.engine.debug.Reader.Malformed;

/// The header of a unit's line-number program (DWARF 5, section 6.2.4; DWARF 4 alike).
final class LineHeader {

    private static final int FORM_DATA2 = 0x05;
    private static final int FORM_DATA4 = 0x06;
    private static final int FORM_DATA8 = 0x07;
    private static final int FORM_STRING = 0x08;
    private static final int FORM_BLOCK = 0x09;
    private static final int FORM_DATA1 = 0x0b;
    private static final int FORM_STRP = 0x0e;
    private static final int FORM_UDATA = 0x0f;
    private static final int FORM_DATA16 = 0x1e;
    private static final int FORM_LINE_STRP = 0x1f;

    private static final int PATH = 1;
    private static final int DIRECTORY_INDEX = 2;

    /// Directories, or files, of a unit that are read; more is no program's.
    private static final int MAX_FILES = 100_000;

    /// A name that is read when it is wanted, and the directory it is in.
    private record Entry(@Nullable Reader text, long start, long directory) {}

    private final DwarfLines sections;
    private final int version;
    private final int offsetSize;
    private final List<Entry> directories = new ArrayList<>();
    private final List<Entry> files = new ArrayList<>();

    final int minimumLength;
    final int lineBase;
    final int lineRange;
    final int opcodeBase;

    /// How many numbers follow each standard opcode.
    final int[] operands;

    /// @param in behind the length of the unit; moves to the first instruction
    LineHeader(Reader in, int offsetSize, DwarfLines sections) {
        this.offsetSize = offsetSize;
        this.sections = sections;
        version = in.u16();
        if (version < 2 || version > 5) throw new Malformed();
        if (version == 5) in.skip(2); // sizes of addresses and of segment selectors
        var header = in.part(in.fixed(offsetSize));
        minimumLength = header.u8();
        int operations = version >= 4 ? header.u8() : 1;
        if (operations != 1) throw new Malformed(); // of a machine that is not WebAssembly
        header.skip(1); // whether rows are statements
        lineBase = (byte) header.u8();
        lineRange = header.u8();
        opcodeBase = header.u8();
        if (lineRange == 0 || opcodeBase == 0) throw new Malformed();
        operands = new int[opcodeBase];
        for (int i = 1; i < opcodeBase; i++) operands[i] = header.u8();
        if (version == 5) {
            table(header, directories);
            table(header, files);
        } else {
            oldTables(header);
        }
    }

    private void oldTables(Reader header) {
        directories.add(new Entry(null, 0, 0)); // where the compiler ran
        for (int start = header.skipString(); ; start = header.skipString()) {
            if (header.isEmptyAt(start)) break;
            add(directories, new Entry(header, start, 0));
        }
        files.add(new Entry(null, 0, 0)); // they count from 1
        while (addFile(header)) {}
    }

    /// Adds a file as versions up to 4 name them.
    ///
    /// @return whether there was one: an empty name is none
    boolean addFile(Reader header) {
        int start = header.skipString();
        if (header.isEmptyAt(start)) return false;
        var entry = new Entry(header, start, header.unsigned());
        header.unsigned(); // when it was changed
        header.unsigned(); // its length
        add(files, entry);
        return true;
    }

    private static void add(List<Entry> entries, Entry entry) {
        if (entries.size() == MAX_FILES) throw new Malformed();
        entries.add(entry);
    }

    private void table(Reader header, List<Entry> entries) {
        var formats = new long[2 * header.u8()];
        for (int i = 0; i < formats.length; i++) formats[i] = header.unsigned();
        long count = header.unsigned();
        if (count < 0 || count > MAX_FILES || count > 0 && formats.length == 0)
            throw new Malformed();
        for (long i = 0; i < count; i++) entries.add(entry(header, formats));
    }

    private Entry entry(Reader header, long[] formats) {
        var path = new Entry(null, 0, 0);
        long directory = 0;
        for (int i = 0; i < formats.length; i += 2) {
            if (formats[i] == PATH) path = text(header, formats[i + 1]);
            else if (formats[i] == DIRECTORY_INDEX) directory = number(header, formats[i + 1]);
            else skip(header, formats[i + 1]);
        }
        return new Entry(path.text, path.start, directory);
    }

    private Entry text(Reader header, long form) {
        return switch ((int) form) {
            case FORM_STRING -> new Entry(header, header.skipString(), 0);
            case FORM_STRP -> new Entry(sections.strings(), header.fixed(offsetSize), 0);
            case FORM_LINE_STRP -> new Entry(sections.lineStrings(), header.fixed(offsetSize), 0);
            default -> throw new Malformed();
        };
    }

    private static long number(Reader header, long form) {
        return switch ((int) form) {
            case FORM_DATA1 -> header.u8();
            case FORM_DATA2 -> header.u16();
            case FORM_DATA4 -> header.fixed(4);
            case FORM_DATA8 -> header.fixed(8);
            case FORM_UDATA -> header.unsigned();
            default -> throw new Malformed();
        };
    }

    private void skip(Reader header, long form) {
        switch ((int) form) {
            case FORM_STRING, FORM_STRP, FORM_LINE_STRP -> text(header, form);
            case FORM_DATA16 -> header.skip(16);
            case FORM_BLOCK -> header.skip(header.unsigned());
            default -> number(header, form);
        }
    }

    /// The name of a file: as the compiler was given it, in the directory it was found in.
    ///
    /// @return null if there is no such file
    @Nullable String file(long number) {
        if (number < 0 || number >= files.size()) return null;
        var file = files.get((int) number);
        if (file.text == null) return null;
        var name = file.text.string(file.start);
        if (name.startsWith("/") || file.directory <= 0 || file.directory >= directories.size())
            return name;
        var directory = directories.get((int) file.directory);
        if (directory.text == null) return name;
        var path = directory.text.string(directory.start);
        return path.equals(".") ? name : path + "/" + name;
    }
}
