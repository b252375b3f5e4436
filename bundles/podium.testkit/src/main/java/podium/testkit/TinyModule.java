package podium.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes WebAssembly modules by hand: system calls of `linux` (or another module) as imports, a
/// memory of one page, some data at address 0, a function `_start`, and a start function.
final class TinyModule {

    private record Import(String module, String name, int parameters) {}

    private final List<Import> imports = new ArrayList<>();
    private final ByteArrayOutputStream code = new ByteArrayOutputStream();
    private byte[] data = {};
    private int maximum = 16;
    private byte[] start = {};

    static TinyModule of(String text) {
        var module = new TinyModule();
        module.data = text.getBytes(StandardCharsets.UTF_8);
        return module;
    }

    TinyModule maximum(int pages) {
        maximum = pages;
        return this;
    }

    /// What it did so far is done in a start function.
    TinyModule start() {
        start = code.toByteArray();
        code.reset();
        return this;
    }

    /// Calls an import with constant arguments and drops the result.
    TinyModule call(String module, String name, int... arguments) {
        invoke(module, name, arguments);
        return raw(0x1a);
    }

    /// Calls a system call and exits with the negated result.
    TinyModule exitWith(String name, int... arguments) {
        raw(0x41, 0);
        invoke("linux", name, arguments);
        return raw(0x6b).exit(); // i32.sub
    }

    /// Exits with what is on the stack.
    TinyModule exit() {
        raw(0x10);
        leb(code, index("linux", "exit_group", 1));
        return raw(0x1a);
    }

    private void invoke(String module, String name, int... arguments) {
        for (int argument : arguments) {
            raw(0x41);
            signed(code, argument);
        }
        raw(0x10);
        leb(code, index(module, name, arguments.length));
    }

    /// Instructions as they are.
    TinyModule raw(int... bytes) {
        for (int b : bytes) code.write(b);
        return this;
    }

    private int index(String module, String name, int parameters) {
        var wanted = new Import(module, name, parameters);
        if (!imports.contains(wanted)) imports.add(wanted);
        return imports.indexOf(wanted);
    }

    byte[] bytes() {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        var types = new ByteArrayOutputStream();
        leb(types, 9);
        for (int i = 0; i < 7; i++) type(types, i, true);
        type(types, 1, false);
        type(types, 0, false);
        section(out, 1, types);
        var imported = new ByteArrayOutputStream();
        leb(imported, imports.size());
        for (var each : imports) {
            name(imported, each.module);
            name(imported, each.name);
            imported.write(0);
            leb(imported, each.parameters);
        }
        section(out, 2, imported);
        section(out, 3, of(2, 7, 8));
        var memory = of(1, 1, 1);
        leb(memory, maximum);
        section(out, 5, memory);
        var exports = of(1);
        name(exports, "_start");
        exports.write(0);
        leb(exports, imports.size());
        section(out, 7, exports);
        section(out, 8, of(imports.size() + 1));
        var bodies = of(2);
        body(bodies, code.toByteArray());
        body(bodies, start);
        section(out, 10, bodies);
        var segment = of(1, 0, 0x41, 0, 0x0b);
        leb(segment, data.length);
        segment.writeBytes(data);
        section(out, 11, segment);
        return out.toByteArray();
    }

    private static void type(ByteArrayOutputStream out, int parameters, boolean result) {
        out.write(0x60);
        leb(out, parameters);
        for (int i = 0; i < parameters; i++) out.write(0x7f);
        leb(out, result ? 1 : 0);
        if (result) out.write(0x7f);
    }

    private static void body(ByteArrayOutputStream out, byte[] instructions) {
        leb(out, instructions.length + 2);
        out.write(0);
        out.writeBytes(instructions);
        out.write(0x0b);
    }

    private static ByteArrayOutputStream of(int... bytes) {
        var out = new ByteArrayOutputStream();
        for (int b : bytes) out.write(b);
        return out;
    }

    private static void section(ByteArrayOutputStream out, int id, ByteArrayOutputStream content) {
        out.write(id);
        leb(out, content.size());
        out.writeBytes(content.toByteArray());
    }

    private static void name(ByteArrayOutputStream out, String name) {
        leb(out, name.length());
        out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static void leb(ByteArrayOutputStream out, int value) {
        for (; value > 127; value >>>= 7) out.write(value & 127 | 128);
        out.write(value);
    }

    private static void signed(ByteArrayOutputStream out, int value) {
        for (; value < -64 || value > 63; value >>= 7) out.write(value & 127 | 128);
        out.write(value & 127);
    }
}
