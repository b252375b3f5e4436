package podium.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Assembles small WebAssembly modules for tests (core specification, chapter 5). Type strings have
/// a letter for each value:
/// `i` i32, `l` i64, `f` f32, `d` f64, `v` v128, `r` funcref, `x` externref, `e` exnref.
public final class WasmAssembler {

    public static final int FUNCTION = 0;
    public static final int TABLE = 1;
    public static final int MEMORY = 2;
    public static final int GLOBAL = 3;
    public static final int TAG = 4;

    private final List<byte[]> types = new ArrayList<>();
    private final List<byte[]> imports = new ArrayList<>();
    private final List<byte[]> functions = new ArrayList<>();
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<byte[]> tables = new ArrayList<>();
    private final List<byte[]> memories = new ArrayList<>();
    private final List<byte[]> tags = new ArrayList<>();
    private final List<byte[]> globals = new ArrayList<>();
    private final List<byte[]> exports = new ArrayList<>();
    private final List<byte[]> elements = new ArrayList<>();
    private final List<byte[]> data = new ArrayList<>();
    private final Map<Integer, String> names = new LinkedHashMap<>();
    private final Map<String, byte[]> customSections = new LinkedHashMap<>();
    private int importedFunctions;
    private int start = -1;

    private static int code(char type) {
        return switch (type) {
            case 'i' -> 0x7f;
            case 'l' -> 0x7e;
            case 'f' -> 0x7d;
            case 'd' -> 0x7c;
            case 'v' -> 0x7b;
            case 'r' -> 0x70;
            case 'x' -> 0x6f;
            case 'e' -> 0x69;
            default -> throw new IllegalArgumentException("no type " + type);
        };
    }

    /// Adds a function type and returns its index.
    public int type(String parameters, String results) {
        types.add(new Code().raw(0x60).types(parameters).types(results).bytes());
        return types.size() - 1;
    }

    public int importFunction(String module, String name, int type) {
        imports.add(new Code().name(module).name(name).raw(FUNCTION).u(type).bytes());
        return importedFunctions++;
    }

    public void importMemory(String module, String name, int minimum, int maximum, boolean shared) {
        imports.add(
                new Code()
                        .name(module)
                        .name(name)
                        .raw(MEMORY, shared ? 3 : 1)
                        .u(minimum)
                        .u(maximum)
                        .bytes());
    }

    public void importTable(String module, String name, int minimum, int maximum) {
        imports.add(
                new Code()
                        .name(module)
                        .name(name)
                        .raw(TABLE, 0x70, 1)
                        .u(minimum)
                        .u(maximum)
                        .bytes());
    }

    public void importGlobal(String module, String name, char type, boolean mutable) {
        imports.add(
                new Code()
                        .name(module)
                        .name(name)
                        .raw(GLOBAL, code(type), mutable ? 1 : 0)
                        .bytes());
    }

    public void importTag(String module, String name, int type) {
        imports.add(new Code().name(module).name(name).raw(TAG, 0).u(type).bytes());
    }

    /// Adds a function and returns its index. All imports must come before.
    ///
    /// @param locals a letter for each local
    /// @param body without the final `end`
    public int function(int type, String locals, Code body) {
        functions.add(new Code().u(type).bytes());
        var code = new Code().u(locals.length());
        for (char c : locals.toCharArray()) code.u(1).raw(code(c));
        code.append(body).raw(0x0b);
        bodies.add(new Code().u(code.size()).append(code).bytes());
        return importedFunctions + functions.size() - 1;
    }

    /// Adds an exported function, named likewise in the name section.
    public int function(String name, int type, String locals, Code body) {
        int function = function(type, locals, body);
        export(name, FUNCTION, function);
        names.put(function, name);
        return function;
    }

    public void table(int minimum, int maximum) {
        tables.add(new Code().raw(0x70, 1).u(minimum).u(maximum).bytes());
    }

    /// Adds a table whose elements start with a value.
    public void table(int minimum, int maximum, Code init) {
        tables.add(
                new Code()
                        .raw(0x40, 0, 0x70, 1)
                        .u(minimum)
                        .u(maximum)
                        .append(init)
                        .raw(0x0b)
                        .bytes());
    }

    public void memory(int minimum, int maximum) {
        memories.add(new Code().raw(1).u(minimum).u(maximum).bytes());
    }

    public int tag(int type) {
        tags.add(new Code().raw(0).u(type).bytes());
        return tags.size() - 1;
    }

    public int global(char type, boolean mutable, Code init) {
        globals.add(new Code().raw(code(type), mutable ? 1 : 0).append(init).raw(0x0b).bytes());
        return globals.size() - 1;
    }

    public void export(String name, int kind, int index) {
        exports.add(new Code().name(name).raw(kind).u(index).bytes());
    }

    public void elements(int offset, int... functions) {
        elements(code(offset), functions);
    }

    private static Code code(int value) {
        return new Code().i32(value);
    }

    /// Adds elements for table 0, their place given by an expression.
    public void elements(Code offset, int... functions) {
        var segment = new Code().raw(0).append(offset).raw(0x0b).u(functions.length);
        for (int function : functions) segment.u(function);
        elements.add(segment.bytes());
    }

    public void passiveElements(int... functions) {
        var segment = new Code().raw(1, 0).u(functions.length);
        for (int function : functions) segment.u(function);
        elements.add(segment.bytes());
    }

    public void data(int offset, String content) {
        data.add(new Code().raw(0).i32(offset).raw(0x0b).name(content).bytes());
    }

    /// Adds a segment for a memory, its place given by an expression.
    public void data(int memory, Code offset, String content) {
        data.add(new Code().raw(2).u(memory).append(offset).raw(0x0b).name(content).bytes());
    }

    public void passiveData(String content) {
        data.add(new Code().raw(1).name(content).bytes());
    }

    /// Adds a custom section behind all others.
    public void custom(String name, byte[] content) {
        customSections.put(name, content);
    }

    public void start(int function) {
        start = function;
    }

    public byte[] assemble() {
        var module = new Code().raw(0, 'a', 's', 'm', 1, 0, 0, 0);
        section(module, 1, types);
        section(module, 2, imports);
        section(module, 3, functions);
        section(module, 4, tables);
        section(module, 5, memories);
        section(module, 13, tags);
        section(module, 6, globals);
        section(module, 7, exports);
        if (start >= 0) section(module, 8, new Code().u(start));
        section(module, 9, elements);
        if (!data.isEmpty()) section(module, 12, new Code().u(data.size()));
        section(module, 10, bodies);
        section(module, 11, data);
        nameSection(module);
        customSections.forEach(
                (name, content) -> section(module, 0, new Code().name(name).append(content)));
        return module.bytes();
    }

    private static void section(Code module, int id, List<byte[]> entries) {
        if (entries.isEmpty()) return;
        var content = new Code().u(entries.size());
        for (var entry : entries) content.append(entry);
        section(module, id, content);
    }

    private static void section(Code module, int id, Code content) {
        module.raw(id).u(content.size()).append(content);
    }

    private void nameSection(Code module) {
        if (names.isEmpty()) return;
        var list = new Code().u(names.size());
        names.forEach((function, name) -> list.u(function).name(name));
        section(module, 0, new Code().name("name").raw(1).u(list.size()).append(list));
    }

    /// A sequence of instructions, or any other bytes.
    public static final class Code {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        public byte[] bytes() {
            return bytes.toByteArray();
        }

        public int size() {
            return bytes.size();
        }

        public Code raw(int... values) {
            for (int value : values) bytes.write(value);
            return this;
        }

        public Code append(Code other) {
            return append(other.bytes());
        }

        Code append(byte[] other) {
            bytes.writeBytes(other);
            return this;
        }

        /// An unsigned LEB128 number.
        public Code u(int value) {
            int rest = value;
            while (rest >>> 7 != 0) {
                bytes.write(rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            bytes.write(rest);
            return this;
        }

        private Code signed(long value) {
            long rest = value;
            while (rest < -64 || rest >= 64) {
                bytes.write((int) (rest & 0x7f | 0x80));
                rest >>= 7;
            }
            bytes.write((int) (rest & 0x7f));
            return this;
        }

        Code name(String name) {
            var content = name.getBytes(StandardCharsets.ISO_8859_1);
            return u(content.length).append(content);
        }

        Code types(String types) {
            u(types.length());
            for (char c : types.toCharArray()) raw(code(c));
            return this;
        }

        /// An instruction with unsigned immediates.
        public Code op(int opcode, int... immediates) {
            raw(opcode);
            for (int immediate : immediates) u(immediate);
            return this;
        }

        public Code i32(int value) {
            return raw(0x41).signed(value);
        }

        public Code i64(long value) {
            return raw(0x42).signed(value);
        }

        public Code get(int local) {
            return op(0x20, local);
        }

        public Code set(int local) {
            return op(0x21, local);
        }

        public Code tee(int local) {
            return op(0x22, local);
        }

        public Code call(int function) {
            return op(0x10, function);
        }

        public Code add() {
            return raw(0x6a);
        }

        public Code sub() {
            return raw(0x6b);
        }

        /// An instruction of the vectors, after its prefix.
        public Code vector(int code, int... immediates) {
            return raw(0xfd).u(code).raw(immediates);
        }

        /// `v128.const`.
        public Code v128(long low, long high) {
            vector(0x0c);
            for (int i = 0; i < 64; i += 8) raw((int) (low >>> i) & 0xff);
            for (int i = 0; i < 64; i += 8) raw((int) (high >>> i) & 0xff);
            return this;
        }

        /// `block`, `loop`, `if` or `try` without parameters or results.
        public Code begin(int opcode) {
            return raw(opcode, 0x40);
        }

        public Code end() {
            return raw(0x0b);
        }

        /// `i32.load` with an offset.
        public Code load(int offset) {
            return op(0x28, 2, offset);
        }

        /// `i32.store` with an offset.
        public Code store(int offset) {
            return op(0x36, 2, offset);
        }

        /// An instruction of the atomics, naturally aligned.
        public Code atomic(int opcode, int align, int offset) {
            return raw(0xfe).u(opcode).u(align).u(offset);
        }
    }
}
