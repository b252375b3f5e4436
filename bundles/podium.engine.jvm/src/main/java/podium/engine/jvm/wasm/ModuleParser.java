package podium.engine.jvm.wasm;

import java.util.ArrayList;
import podium.engine.MemoryType;
import podium.engine.TableType;
import podium.engine.jvm.wasm.WasmModule.Body;
import podium.engine.jvm.wasm.WasmModule.CustomSection;
import podium.engine.jvm.wasm.WasmModule.DataSegment;
import podium.engine.jvm.wasm.WasmModule.ElementSegment;
import podium.engine.jvm.wasm.WasmModule.Export;
import podium.engine.jvm.wasm.WasmModule.Global;
import podium.engine.jvm.wasm.WasmModule.Import;

/// Decodes the sections of a module (core specification, chapter 5). Bodies are left for
/// [FunctionValidator] and the compiler.
public final class ModuleParser {

    private static final int MAGIC = 0x6d736100;

    /// The place of each section id in the prescribed order; the data count comes before the code
    /// and the tags after
    /// the memories.
    private static final int[] ORDER = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

    /// What implementations agree to accept at most (JS API specification, section 9).
    private static final int MAX_TYPES = 1_000_000;

    private static final int MAX_FUNCTIONS = 1_000_000;
    private static final int MAX_PARAMETERS = 1_000;
    private static final int MAX_TABLE = 10_000_000;
    private static final int MAX_MEMORIES = 100;
    private static final int MAX_BODY = 7_654_321;

    private final Cursor in;
    private final WasmModule module;
    private final ConstantParser constants;

    /// Initial elements of all tables together.
    private long tableElements;

    private ModuleParser(byte[] bytes) {
        in = new Cursor(bytes, 0, bytes.length);
        module = new WasmModule(bytes);
        constants = new ConstantParser(in, module);
    }

    /// @throws MalformedModule the bytes are not a module
    public static WasmModule parse(byte[] bytes) {
        return new ModuleParser(bytes).module();
    }

    private WasmModule module() {
        if (in.remaining() < 4 || in.fixed32() != MAGIC)
            throw new MalformedModule("magic header not detected", 0);
        if (in.remaining() < 4) throw in.error("unexpected end");
        int version = in.fixed32();
        if (version != 1) throw new MalformedModule("unknown binary version " + version, 4);
        int last = 0;
        while (!in.atEnd()) {
            int at = in.position();
            int id = in.u8();
            if (id >= ORDER.length) throw new MalformedModule("malformed section id " + id, at);
            if (id != 0) {
                if (ORDER[id] <= last)
                    throw new MalformedModule("unexpected content after last section", at);
                last = ORDER[id];
            }
            int size = in.u32();
            if (size < 0 || size > in.remaining())
                throw in.error("unexpected end: a section is longer than the module");
            int end = in.restrict(size);
            section(id);
            if (!in.atEnd()) throw in.error("section size mismatch");
            in.release(end);
        }
        if (module.bodies.size() != module.functions.size() - module.importedFunctions)
            throw in.error("function and code section have inconsistent lengths");
        if (module.dataCount >= 0 && module.dataCount != module.data.size())
            throw in.error("data count and data section have inconsistent lengths");
        return module;
    }

    private void section(int id) {
        switch (id) {
            case 0 -> custom();
            case 1 -> types();
            case 2 -> imports();
            case 3 -> functions();
            case 4 -> tables();
            case 5 -> memories();
            case 6 -> globals();
            case 7 -> exports();
            case 8 -> module.start = in.count();
            case 9 -> elements();
            case 10 -> code();
            case 11 -> data();
            case 12 -> module.dataCount = in.count();
            case 13 -> tags();
            default -> throw in.error("malformed section id");
        }
    }

    private void custom() {
        var name = in.name();
        module.customSections.putIfAbsent(name, new CustomSection(in.position(), in.end()));
        in.seek(in.end());
    }

    private void types() {
        int count = in.length();
        if (count > MAX_TYPES) throw in.error("too many types");
        for (int i = 0; i < count; i++) {
            int at = in.position();
            int form = in.u8();
            if (form == 0x5f || form == 0x5e || form == 0x50 || form == 0x4f || form == 0x4e)
                throw new MalformedModule("unsupported: garbage-collected types", at);
            if (form != 0x60) throw new MalformedModule("malformed function type", at);
            module.types.add(new Signature(valueTypes(), valueTypes()));
        }
    }

    private String valueTypes() {
        int count = in.length();
        if (count > MAX_PARAMETERS) throw in.error("too many parameters or results");
        var types = new StringBuilder(count);
        for (int i = 0; i < count; i++) types.append(Types.read(in));
        return types.toString();
    }

    private void imports() {
        int count = in.length();
        for (int i = 0; i < count; i++) {
            var from = in.name();
            var name = in.name();
            int at = in.position();
            int kind = in.u8();
            int index =
                    switch (kind) {
                        case WasmModule.FUNCTION -> {
                            module.functions.add(in.count());
                            yield module.importedFunctions++;
                        }
                        case WasmModule.TABLE -> {
                            module.tables.add(tableType());
                            yield module.importedTables++;
                        }
                        case WasmModule.MEMORY -> {
                            module.memories.add(memoryType());
                            yield module.importedMemories++;
                        }
                        case WasmModule.GLOBAL -> {
                            module.globals.add(new Global(Types.read(in), mutability(), null));
                            yield module.importedGlobals++;
                        }
                        case WasmModule.TAG -> {
                            module.tags.add(tag());
                            yield module.importedTags++;
                        }
                        default -> throw new MalformedModule("malformed import kind", at);
                    };
            module.imports.add(new Import(from, name, kind, index));
        }
    }

    private void functions() {
        int count = in.length();
        if (count > MAX_FUNCTIONS) throw in.error("too many functions");
        for (int i = 0; i < count; i++) module.functions.add(in.count());
    }

    private void tables() {
        int count = in.length();
        for (int i = 0; i < count; i++) {
            boolean initialised = in.peek() == INITIALISED;
            if (initialised) {
                in.u8();
                if (in.u8() != 0) throw in.error("zero byte expected");
            }
            module.tables.add(tableType());
            module.tableInits.add(initialised ? constants.parse() : null);
        }
    }

    /// The first byte of a table that has an initial value.
    private static final int INITIALISED = 0x40;

    private TableType tableType() {
        char element = Types.readReference(in);
        int at = in.position();
        int flags = in.u8();
        if (flags == 4 || flags == 5) throw new MalformedModule("unsupported: 64-bit tables", at);
        if (flags > 1) throw new MalformedModule("malformed limits flags", at);
        long minimum = in.u32() & 0xffffffffL;
        long maximum = (flags & 1) != 0 ? in.u32() & 0xffffffffL : -1;
        if (maximum >= 0 && minimum > maximum)
            throw new MalformedModule("size minimum must not be greater than maximum", at);
        tableElements += minimum;
        if (tableElements > MAX_TABLE)
            throw new MalformedModule(
                    "unsupported: tables of more than " + MAX_TABLE + " elements", at);
        return new TableType(Types.valueType(element), minimum, maximum);
    }

    private void memories() {
        int count = in.length();
        for (int i = 0; i < count; i++) module.memories.add(memoryType());
    }

    private MemoryType memoryType() {
        int at = in.position();
        if (module.memories.size() == MAX_MEMORIES)
            throw new MalformedModule("more than " + MAX_MEMORIES + " memories", at);
        int flags = in.u8();
        if ((flags & 4) != 0 && flags < 16) throw new MalformedModule("unsupported: memory64", at);
        if ((flags & 8) != 0 && flags < 16)
            throw new MalformedModule("unsupported: custom page sizes", at);
        if (flags > 3) throw new MalformedModule("malformed limits flags", at);
        long minimum = in.u32() & 0xffffffffL;
        boolean bounded = (flags & 1) != 0;
        long maximum = bounded ? in.u32() & 0xffffffffL : 65_536;
        boolean shared = (flags & 2) != 0;
        if (minimum > 65_536 || maximum > 65_536)
            throw new MalformedModule("memory size must be at most 65536 pages (4GiB)", at);
        if (minimum > maximum)
            throw new MalformedModule("size minimum must not be greater than maximum", at);
        if (shared && !bounded) throw new MalformedModule("shared memory must have maximum", at);
        return new MemoryType((int) minimum, (int) maximum, shared);
    }

    private void tags() {
        int count = in.length();
        for (int i = 0; i < count; i++) module.tags.add(tag());
    }

    private int tag() {
        int at = in.position();
        if (in.u8() != 0) throw new MalformedModule("malformed tag attribute", at);
        return in.count();
    }

    private boolean mutability() {
        int at = in.position();
        int flag = in.u8();
        if (flag > 1) throw new MalformedModule("malformed mutability", at);
        return flag == 1;
    }

    private void globals() {
        int count = in.length();
        for (int i = 0; i < count; i++) {
            char type = Types.read(in);
            boolean mutable = mutability();
            module.globals.add(new Global(type, mutable, constants.parse()));
        }
    }

    private void exports() {
        int count = in.length();
        for (int i = 0; i < count; i++) {
            var name = in.name();
            int at = in.position();
            int kind = in.u8();
            if (kind > WasmModule.TAG) throw new MalformedModule("malformed export kind", at);
            module.exports.add(new Export(name, kind, in.count()));
        }
    }

    private void elements() {
        int count = in.length();
        for (int i = 0; i < count; i++) {
            int at = in.position();
            int flags = in.u32();
            if (flags < 0 || flags > 7)
                throw new MalformedModule("malformed elements segment kind", at);
            boolean active = (flags & 1) == 0;
            int mode = active ? 0 : (flags & 2) != 0 ? 2 : 1;
            int table = active && (flags & 2) != 0 ? in.count() : 0;
            var offset = active ? constants.parse() : null;
            char type = 'R';
            boolean expressions = (flags & 4) != 0;
            if ((flags & 3) != 0) {
                if (expressions) type = Types.readReference(in);
                else if (in.u8() != 0) throw new MalformedModule("malformed element kind", at);
            }
            module.elements.add(
                    new ElementSegment(mode, table, offset, type, elements(expressions, type), at));
        }
    }

    private Elements elements(boolean expressions, char type) {
        int count = in.length();
        if (count > MAX_TABLE) throw in.error("too many elements");
        if (!expressions) {
            var functions = new int[count];
            for (int i = 0; i < count; i++) functions[i] = in.count();
            return Elements.of(functions);
        }
        var list = new ArrayList<ConstantExpression>();
        for (int i = 0; i < count; i++) list.add(constants.parse());
        return Elements.of(list, type);
    }

    private void code() {
        module.codeStart = in.position();
        int count = in.length();
        for (int i = 0; i < count; i++) {
            int size = in.length();
            if (size > MAX_BODY) throw in.error("unsupported: a function of " + size + " bytes");
            int start = in.position();
            in.skip(size);
            module.bodies.add(new Body(start, start + size));
        }
    }

    private void data() {
        int count = in.length();
        for (int i = 0; i < count; i++) {
            int at = in.position();
            int flags = in.u32();
            if (flags < 0 || flags > 2)
                throw new MalformedModule("malformed data segment kind", at);
            int memory = flags == 2 ? in.count() : 0;
            var offset = flags == 1 ? null : constants.parse();
            int length = in.length();
            int start = in.position();
            in.skip(length);
            module.data.add(new DataSegment(offset, memory, start, length, at));
        }
    }
}
