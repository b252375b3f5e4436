package podium.engine.debug;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap.SourceLine;
import podium.engine.debug.Reader.Malformed;

/// Runs the line-number programs of a module (DWARF 5, section 6.2). Their addresses count from the
/// content of the code section (DWARF for WebAssembly). Nothing is kept: one pass over the section
/// finds all that is wanted.
final class DwarfLines {

    static final String SECTION = ".debug_line";

    private static final int COPY = 1;
    private static final int ADVANCE_PC = 2;
    private static final int ADVANCE_LINE = 3;
    private static final int SET_FILE = 4;
    private static final int CONST_ADD_PC = 8;
    private static final int FIXED_ADVANCE_PC = 9;

    private static final int END_SEQUENCE = 1;
    private static final int SET_ADDRESS = 2;
    private static final int DEFINE_FILE = 3;

    private final SourceLines.Sections sections;
    private final int codeStart;
    private final Wanted wanted;

    DwarfLines(SourceLines.Sections sections, int codeStart, Wanted wanted) {
        this.sections = sections;
        this.codeStart = codeStart;
        this.wanted = wanted;
    }

    /// Tells `wanted` what the section says, as far as it can be read.
    void read() {
        var in = reader(SECTION);
        if (in == null) return;
        try {
            while (!in.atEnd()) unit(in);
        } catch (Malformed e) {
            return; // where the next unit begins is not known
        }
    }

    private void unit(Reader in) {
        long length = in.fixed(4);
        int offsetSize = 4;
        if (length == 0xffffffffL) {
            length = in.fixed(8);
            offsetSize = 8;
        }
        var unit = in.part(length);
        try {
            var header = new LineHeader(unit, offsetSize, this);
            new Program(header, unit).run();
        } catch (Malformed e) {
            return; // the others may be better
        }
    }

    private @Nullable Reader reader(String section) {
        ByteBuffer content = sections.get(section);
        return content == null ? null : new Reader(content);
    }

    /// Strings of the whole debug information; null if there are none.
    @Nullable Reader strings() {
        return reader(".debug_str");
    }

    /// Those of the lines alone.
    @Nullable Reader lineStrings() {
        return reader(".debug_line_str");
    }

    /// The state machine.
    private final class Program {

        private final LineHeader header;
        private final Reader in;
        private long address;
        private long file = 1;
        private long line = 1;

        /// Whether the address is one: linkers leave 0 or the greatest numbers where the function
        /// is not in the module.
        private boolean placed;

        // The last row, which goes up to the next one.
        private boolean open;
        private long rowAddress;
        private long rowFile;
        private long rowLine;

        Program(LineHeader header, Reader in) {
            this.header = header;
            this.in = in;
        }

        void run() {
            while (!in.atEnd()) {
                int opcode = in.u8();
                if (opcode >= header.opcodeBase) special(opcode - header.opcodeBase);
                else if (opcode == 0) extended(in.part(in.unsigned()));
                else standard(opcode);
            }
        }

        private void special(int adjusted) {
            advance(adjusted / header.lineRange);
            line += header.lineBase + adjusted % header.lineRange;
            row();
        }

        private void standard(int opcode) {
            switch (opcode) {
                case COPY -> row();
                case ADVANCE_PC -> advance(in.unsigned());
                case ADVANCE_LINE -> line += in.signed();
                case SET_FILE -> file = in.unsigned();
                case CONST_ADD_PC -> advance((255 - header.opcodeBase) / header.lineRange);
                case FIXED_ADVANCE_PC -> address += in.u16();
                default -> {
                    for (int i = 0; i < header.operands[opcode]; i++) in.unsigned();
                }
            }
        }

        private void extended(Reader instruction) {
            if (instruction.atEnd()) return;
            switch (instruction.u8()) {
                case END_SEQUENCE -> {
                    row();
                    open = placed = false;
                    address = 0;
                    file = line = 1;
                }
                case SET_ADDRESS -> {
                    address = instruction.fixed(instruction.remaining());
                    placed = address > 0 && address < Integer.MAX_VALUE;
                }
                case DEFINE_FILE -> header.addFile(instruction);
                default -> {}
            }
        }

        private void advance(long operations) {
            address += operations * header.minimumLength;
        }

        /// The row before is complete, and another begins.
        private void row() {
            if (open) wanted.range(codeStart + rowAddress, codeStart + address, this::rowsLine);
            open = placed;
            rowAddress = address;
            rowFile = file;
            rowLine = line;
        }

        /// Line 0 is what the compiler made by itself.
        private @Nullable SourceLine rowsLine() {
            if (rowLine < 1 || rowLine > Integer.MAX_VALUE) return null;
            var name = header.file(rowFile);
            return name == null ? null : new SourceLine(name, (int) rowLine);
        }
    }
}
