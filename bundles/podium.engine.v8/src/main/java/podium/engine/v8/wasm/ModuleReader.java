package podium.engine.v8.wasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.GlobalType;
import podium.engine.InterpreterFunction;
import podium.engine.MemoryType;
import podium.engine.TableType;
import podium.engine.ValueType;
import podium.engine.v8.wasm.WasmModule.Data;
import podium.engine.v8.wasm.WasmModule.Elements;
import podium.engine.v8.wasm.WasmModule.Export;
import podium.engine.v8.wasm.WasmModule.Import;
import podium.engine.v8.wasm.WasmModule.OwnTable;

/// Reads a module that V8 has found valid (core specification, section 5.5).
public final class ModuleReader {

    static final int TYPE_SECTION = 1;
    static final int IMPORT_SECTION = 2;
    static final int FUNCTION_SECTION = 3;
    static final int TABLE_SECTION = 4;
    static final int MEMORY_SECTION = 5;
    static final int GLOBAL_SECTION = 6;
    static final int EXPORT_SECTION = 7;
    static final int START_SECTION = 8;
    static final int ELEMENT_SECTION = 9;
    static final int CODE_SECTION = 10;
    static final int DATA_SECTION = 11;
    static final int DATA_COUNT_SECTION = 12;
    static final int TAG_SECTION = 13;

    private static final int HEADER = 8;
    private static final int FUNCREF = 0x70;

    // What becomes objects of V8's heap in every instance has to be bounded: V8 ends the whole
    // process when that heap is full.
    private static final int MAX_TABLES = 8;
    private static final int MAX_GLOBALS = 10_000;
    private static final int MAX_IMPORTS = 10_000;
    private static final int MAX_EXPORTS = 100_000;

    private final WasmModule module = new WasmModule();

    private ModuleReader() {}

    /// @param metered whether the module is to count fuel
    /// @throws UnsupportedModule it needs what the engine lacks
    public static WasmModule read(byte[] bytes, boolean metered) {
        var reader = new ModuleReader();
        reader.module.metered = metered;
        var cursor = new Cursor(bytes, HEADER, bytes.length);
        while (!cursor.atEnd()) {
            int id = cursor.u8();
            reader.section(id, cursor.part(cursor.count()));
        }
        reader.check();
        return reader.module;
    }

    private void check() {
        if (module.memories.size() > 1) throw new UnsupportedModule("more than one memory");
        limit("tables", module.tables.size(), MAX_TABLES);
        limit("globals", module.globals.size(), MAX_GLOBALS);
        limit("imports", module.imports.size(), MAX_IMPORTS);
        limit("exports", module.exports.size(), MAX_EXPORTS);
        for (var table : module.tables)
            limit("elements in a table", table.minimum(), Rewriter.tableLimit(module));
    }

    private static void limit(String what, long count, long limit) {
        if (count > limit)
            throw new UnsupportedModule(count + " " + what + " where at most " + limit + " fit,");
    }

    private void section(int id, Cursor in) {
        switch (id) {
            case 0 -> module.customSections.putIfAbsent(in.name(), in.rest());
            case TYPE_SECTION -> keep(id, in, this::type);
            case IMPORT_SECTION -> list(in, this::importOne);
            case FUNCTION_SECTION -> keep(id, in, c -> module.functions.add(c.count()));
            case TABLE_SECTION -> list(in, this::table);
            case MEMORY_SECTION -> list(in, this::memory);
            case TAG_SECTION -> keep(id, in, this::tag);
            case GLOBAL_SECTION -> keep(id, in, this::global);
            case EXPORT_SECTION ->
                    list(in, c -> module.exports.add(new Export(c.name(), c.u8(), c.count())));
            case ELEMENT_SECTION -> list(in, this::elements);
            case DATA_SECTION -> list(in, this::data);
            case START_SECTION -> module.start = in.count();
            case DATA_COUNT_SECTION -> {
                // counted anew when the module is rewritten
            }
            case CODE_SECTION -> code(in);
            default -> throw new UnsupportedModule("sections of id " + id);
        }
    }

    /// A section that is passed on as it is.
    private void keep(int id, Cursor in, Entry entry) {
        int start = in.position();
        list(in, entry);
        module.sections.put(id, in.since(start));
    }

    private interface Entry {
        void read(Cursor in);
    }

    private static void list(Cursor in, Entry entry) {
        for (int count = in.count(); count > 0; count--) entry.read(in);
    }

    // ---- types

    private void type(Cursor in) {
        if (in.u8() != 0x60) throw new UnsupportedModule("garbage-collected types");
        module.types.add(new FunctionType(values(in), values(in)));
    }

    private static List<ValueType> values(Cursor in) {
        int count = in.count();
        var values = new ArrayList<ValueType>();
        for (int i = 0; i < count; i++) values.add(value(in.u8()));
        return values;
    }

    static ValueType value(int code) {
        return switch (code) {
            case 0x7f -> ValueType.I32;
            case 0x7e -> ValueType.I64;
            case 0x7d -> ValueType.F32;
            case 0x7c -> ValueType.F64;
            case 0x7b -> ValueType.V128;
            case 0x70 -> ValueType.FUNCREF;
            case 0x6f -> ValueType.EXTERNREF;
            case 0x69 -> ValueType.EXNREF;
            default -> throw new UnsupportedModule("typed references");
        };
    }

    private record Limits(long minimum, long maximum, boolean shared) {

        static Limits read(Cursor in) {
            int flags = in.u8();
            if ((flags & ~3) != 0) throw new UnsupportedModule("64-bit or custom limits");
            long minimum = Integer.toUnsignedLong(in.u32());
            long maximum = (flags & 1) != 0 ? Integer.toUnsignedLong(in.u32()) : -1;
            return new Limits(minimum, maximum, (flags & 2) != 0);
        }
    }

    private static TableType tableType(Cursor in) {
        var element = value(in.u8());
        if (element != ValueType.FUNCREF && element != ValueType.EXTERNREF)
            throw new UnsupportedModule("tables of exceptions");
        var limits = Limits.read(in);
        if (limits.shared) throw new UnsupportedModule("shared tables");
        return new TableType(element, limits.minimum, limits.maximum);
    }

    private static MemoryType memoryType(Cursor in) {
        var limits = Limits.read(in);
        int maximum = limits.maximum < 0 ? 65_536 : (int) limits.maximum;
        return new MemoryType((int) limits.minimum, maximum, limits.shared);
    }

    private static GlobalType globalType(Cursor in) {
        var value = value(in.u8());
        return new GlobalType(value, in.u8() == 1);
    }

    // ---- the sections' entries

    private void importOne(Cursor in) {
        var from = in.name();
        var name = in.name();
        int start = in.position();
        int kind = in.u8();
        switch (kind) {
            case WasmModule.FUNCTION -> module.functions.add(in.count());
            case WasmModule.TABLE -> module.tables.add(tableType(in));
            case WasmModule.MEMORY -> module.memories.add(memoryType(in));
            case WasmModule.GLOBAL -> module.globals.add(globalType(in));
            case WasmModule.TAG -> tag(in);
            default -> throw new UnsupportedModule("imports of kind " + kind);
        }
        int index = module.imported[kind]++;
        var own = InterpreterFunction.of(from, name, module.type(kind, index));
        if (own != null) module.interpreter.put(index, own);
        module.imports.add(new Import(from, name, kind, index, in.since(start)));
    }

    private void table(Cursor in) {
        boolean initialised = in.peek() == 0x40;
        if (initialised) in.skip(2);
        int element = in.peek();
        module.tables.add(tableType(in));
        int start = in.position();
        if (initialised) in.skipExpression();
        module.ownTables.add(new OwnTable(element, initialised ? in.since(start) : null));
    }

    private void memory(Cursor in) {
        int start = in.position();
        module.memories.add(memoryType(in));
        module.ownMemories.add(in.since(start));
    }

    private void tag(Cursor in) {
        // The only attribute there is: exception. V8 takes it in more than the one byte it has.
        if (in.u8() != 0) throw new UnsupportedModule("tags with attributes");
        module.tags.add(in.count());
    }

    private void global(Cursor in) {
        module.globals.add(globalType(in));
        in.skipExpression();
    }

    private void elements(Cursor in) {
        int start = in.position();
        int flags = in.count();
        boolean active = (flags & 1) == 0;
        if (active && (flags & 2) != 0) in.count();
        if (active) in.skipExpression();
        boolean typed = (flags & 3) != 0;
        boolean expressions = (flags & 4) != 0;
        int type = typed && expressions ? in.u8() : FUNCREF;
        if (typed && !expressions) in.u8(); // the only kind there is: functions
        if (expressions) value(type);
        int list = in.position();
        int count = in.count();
        for (int i = 0; i < count; i++)
            if (expressions) in.skipExpression();
            else in.count();
        var items = in.since(list);
        module.elements.add(new Elements(flags, in.since(start), type, count, items));
    }

    private void data(Cursor in) {
        int start = in.position();
        int flags = in.count();
        if (flags == 2) in.count();
        if (flags != 1) in.skipExpression();
        int length = in.count();
        in.skip(length);
        module.data.add(new Data(flags, in.since(start), length));
    }

    private void code(Cursor in) {
        int start = in.position();
        module.codeStart = start;
        var additions = new ArrayList<Addition>();
        var calls = new ArrayList<Instructions.Call>();
        keep(
                CODE_SECTION,
                in,
                c -> {
                    var body = c.part(c.count());
                    locals(body);
                    var found = Instructions.find(body, start, module);
                    additions.addAll(found.additions());
                    calls.addAll(found.calls());
                });
        module.additions = List.copyOf(additions);
        var content = Objects.requireNonNull(module.sections.get(CODE_SECTION));
        for (var call : calls)
            InterpreterCall.overwrite(call.function(), content, call.from(), call.to());
    }

    /// Passes over declarations of locals.
    private static void locals(Cursor body) {
        for (int count = body.count(); count > 0; count--) {
            body.u32();
            value(body.u8());
        }
    }

    /// The function names of a name section.
    static Map<Integer, String> functionNames(byte @Nullable [] section) {
        var names = new HashMap<Integer, String>();
        if (section == null) return names;
        try {
            var in = new Cursor(section, 0, section.length);
            while (!in.atEnd()) {
                int id = in.u8();
                var part = in.part(in.count());
                if (id == 1) list(part, c -> names.put(c.count(), c.name()));
            }
        } catch (UnsupportedModule _) {
            // A custom section need not be well-formed; the names read so far are good.
        }
        return names;
    }
}
