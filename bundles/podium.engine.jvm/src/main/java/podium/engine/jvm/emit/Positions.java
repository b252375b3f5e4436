package podium.engine.jvm.emit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.attribute.SourceDebugExtensionAttribute;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import podium.engine.debug.SourceLines;
import podium.engine.jvm.wasm.WasmModule;

/// Where in the module's binary the instructions of a class are that can trap or call, so that a
/// Java stack trace tells it. A line number has 16 bits, which is too little for a position; so the
/// lines of a class are numbers into a table of positions, which is an attribute of the class.
/// Neither costs anything while code runs.
public final class Positions {

    /// What a class file has for a line.
    private static final int MAX_LINE = 0xffff;

    /// The line of a function's call of itself that is none of the guest's.
    public static final int AGAIN = MAX_LINE;

    private static final int[] NONE = {};

    private final boolean wanted;

    /// The only body with such instructions, whose lines need no table; or null.
    private final WasmModule.@Nullable Body body;

    private final Map<Integer, Integer> lines = new HashMap<>();

    /// The table, as differences: LEB128 with the sign in the lowest bit.
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();

    private int last;

    /// @param wanted whether the class is to tell positions
    Positions(boolean wanted) {
        this(wanted, null);
    }

    /// A class of one body, whose file nobody keeps: its lines are places in the body, in a large
    /// one to some bytes.
    static Positions within(WasmModule.Body body) {
        return new Positions(true, body);
    }

    private Positions(boolean wanted, WasmModule.@Nullable Body body) {
        this.wanted = wanted;
        this.body = body;
    }

    /// The place in a body that a line stands for in a class of that alone; -1 if for none.
    ///
    /// @param length of the body
    public static int place(int line, int length) {
        return line > 0 && line < AGAIN ? line - 1 << scale(length) : -1;
    }

    private static int lineWithin(WasmModule.Body body, int position) {
        if (position < body.start() || position >= body.end()) return 0;
        return (position - body.start() >> scale(body.end() - body.start())) + 1;
    }

    /// The lines are so many bits shorter than places in a body.
    private static int scale(int length) {
        int scale = 0;
        while (length >> scale >= AGAIN - 1) scale++;
        return scale;
    }

    /// The functions of which a module says lines; all if it has a source map. Nearly every module
    /// has
    /// DWARF of some functions, those of the compiler's own library.
    public static IntPredicate ofThoseWithLines(WasmModule module) {
        if (SourceLines.areMapped(module::section)) return _ -> true;
        var places = new int[2 * module.bodies.size()];
        for (int i = 0; i < module.bodies.size(); i++) {
            var body = module.bodies.get(i);
            places[2 * i] = body.start();
            places[2 * i + 1] = (body.start() + body.end()) / 2;
        }
        var lines = SourceLines.find(module::section, module.codeStart, places);
        return function -> {
            int body = function - module.importedFunctions;
            return lines.get(2 * body) != null || lines.get(2 * body + 1) != null;
        };
    }

    /// Says where the instruction stands whose code follows.
    void mark(CodeBuilder code, int position) {
        if (!wanted) return;
        if (body != null) {
            code.lineNumber(lineWithin(body, position));
            return;
        }
        var line = lines.get(position);
        if (line == null) line = lines.size() < AGAIN - 1 ? add(position) : 0;
        code.lineNumber(line);
    }

    /// Says that the guest knows nothing of the call that follows.
    void markAgain(CodeBuilder code) {
        code.lineNumber(AGAIN);
    }

    /// Says that nothing is known of what follows, up to the next mark.
    void markNothing(CodeBuilder code) {
        code.lineNumber(0);
    }

    private int add(int position) {
        int difference = position - last;
        write(difference << 1 ^ difference >> 31);
        last = position;
        int line = lines.size() + 1;
        lines.put(position, line);
        return line;
    }

    private void write(int value) {
        for (; (value & ~0x7f) != 0; value >>>= 7) table.write(value & 0x7f | 0x80);
        table.write(value);
    }

    /// Adds the table to the class.
    void addTo(ClassBuilder type) {
        if (!lines.isEmpty()) type.with(SourceDebugExtensionAttribute.of(table.toByteArray()));
    }

    /// The position each line of a class stands for, 0 for those that stand for none; empty if the
    /// class does not tell.
    ///
    /// @param type the class's file
    public static int[] of(InputStream type) throws IOException {
        var attribute =
                ClassFile.of()
                        .parse(type.readAllBytes())
                        .findAttribute(Attributes.sourceDebugExtension());
        return attribute.isEmpty() ? NONE : decode(attribute.get().contents());
    }

    private static int[] decode(byte[] table) {
        var positions = new int[table.length + 1];
        int count = 1;
        int value = 0;
        int shift = 0;
        for (byte b : table) {
            value |= (b & 0x7f) << shift;
            shift += 7;
            if (b < 0) continue;
            positions[count] = positions[count - 1] + (value >>> 1 ^ -(value & 1));
            count++;
            value = 0;
            shift = 0;
        }
        return Arrays.copyOf(positions, count);
    }
}
