package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.FunctionType;
import podium.engine.GlobalType;
import podium.engine.ImportType;
import podium.engine.Memory;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.ValueType;
import podium.json.Json;
import podium.syscall.Export;
import podium.syscall.SyscallFamily;
import podium.syscall.Task;
import podium.syscall.Utf8;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

class WasmInspectionTest {

    private static Set<String> uses(WasmAssembler wasm) {
        var module = wasm.assemble();
        return WasmFeatures.of(module, WasmSections.of(module));
    }

    private static Set<String> uses(String parameters, Code body) {
        var wasm = new WasmAssembler();
        wasm.memory(1, 1);
        wasm.function("f", wasm.type(parameters, ""), "", body);
        return uses(wasm);
    }

    private static Code code() {
        return new Code();
    }

    @Test
    void findsWhatIsUsed() {
        assertEquals(Set.of(), uses("i", code().get(0).load(4).get(0).add().op(0x1a)));
        assertEquals(Set.of("sign extension"), uses("i", code().get(0).op(0xc0).op(0x1a)));
        assertEquals(
                Set.of("bulk memory"), uses("i", code().get(0).get(0).get(0).raw(0xfc, 11, 0)));
        assertEquals(Set.of("vectors"), uses("", code().v128(-1, 0x0b0b0b0b).op(0x1a)));
        assertEquals(Set.of("tail calls"), uses("", code().op(0x12, 0)));
        assertEquals(
                Set.of("relaxed vectors", "vectors"),
                uses("v", code().get(0).get(0).vector(0x100).op(0x1a)));
        assertEquals(Set.of("threads"), uses("i", code().get(0).atomic(0x10, 2, 8).op(0x1a)));
        assertEquals(Set.of("reference types"), uses("", code().raw(0xd0, 0x70).op(0xd1).op(0x1a)));
        assertEquals(Set.of("exceptions of old"), uses("", code().begin(0x06).op(0x19).end()));
    }

    @Test
    void findsWhatIsUsedBehindAllElse() {
        var body = code().begin(2).get(0).raw(0x0e, 1, 0, 0).end(); // br_table
        body.raw(0x44, 1, 2, 3, 4, 5, 6, 7, 8).op(0x1a).i64(Long.MIN_VALUE).op(0x1a);
        body.raw(0x43, 0x0b, 0x0b, 0x0b, 0x0b, 0x1a).get(0).op(0xc1).op(0x1a);
        assertEquals(Set.of("sign extension"), uses("i", body));
    }

    @Test
    void findsWhatSectionsSay() {
        var memories = new WasmAssembler();
        memories.memory(1, 2);
        memories.memory(1, 2);
        assertEquals(Set.of("several memories"), uses(memories));
        var shared = new WasmAssembler();
        shared.importMemory("env", "memory", 1, 2, true);
        assertEquals(Set.of("threads"), uses(shared));
        var tag = new WasmAssembler();
        tag.tag(tag.type("i", ""));
        assertEquals(Set.of("exceptions"), uses(tag));
    }

    @Test
    void listsSections() {
        var wasm = new WasmAssembler();
        wasm.function("f", wasm.type("", ""), "", code());
        wasm.memory(1, 2);
        var sections = WasmSections.of(wasm.assemble());
        assertEquals("", sections.malformed());
        var names = sections.sections().stream().map(WasmSections.Section::name).toList();
        assertEquals(List.of("type", "function", "memory", "export", "code", "name"), names);
        assertEquals(1, sections.sections().getFirst().count());
    }

    private static List<String> debug(WasmAssembler wasm) {
        var module = wasm.assemble();
        return DebugSections.of(module, WasmSections.of(module));
    }

    @Test
    void saysWhatItSaysOfItsSource() {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        assertEquals(List.of(), debug(wasm));
        wasm.custom(".debug_info", new byte[3]);
        assertEquals(List.of("DWARF without lines"), debug(wasm));
        wasm.custom(".debug_line", new byte[3]);
        wasm.function("f", type, "", code());
        assertEquals(List.of("names", "lines (DWARF)"), debug(wasm));
        var maps =
                Map.of(
                        "\6data:,",
                        "a source map",
                        "\5a.map",
                        "a source map elsewhere, which is not read",
                        "\7a.map",
                        "a malformed source map");
        maps.forEach(
                (url, what) -> {
                    wasm.custom("sourceMappingURL", url.getBytes());
                    assertEquals(List.of("names", "lines (DWARF)", what), debug(wasm));
                });
    }

    @Test
    void saysWhyItIsNoModule() {
        assertEquals("", WasmSections.whyNoModule(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0}));
        var whys =
                List.of(
                        WasmSections.whyNoModule(new byte[0]),
                        WasmSections.whyNoModule("console.log(1)".getBytes()),
                        WasmSections.whyNoModule(" (module)".getBytes()),
                        WasmSections.whyNoModule(new byte[] {0, 'a', 's', 'm', 1}),
                        WasmSections.whyNoModule(new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0}),
                        WasmSections.whyNoModule(new byte[] {0, 'a', 's', 'm', 2, 0, 0, 0}));
        assertEquals(
                List.of(
                        "is not a WebAssembly module",
                        "is not a WebAssembly module",
                        "is WebAssembly's text format: make a module of it, such as by wat2wasm",
                        "is not a WebAssembly module: it ends early",
                        "is a WebAssembly component, not a module",
                        "is a WebAssembly module of an unknown version"),
                whys);
    }

    /// Whatever is behind the header: nothing but what is said comes out.
    @Test
    void takesAnyBytes() {
        var random = new Random(1);
        var wasm = new WasmAssembler();
        wasm.importFunction("a", "b", wasm.type("il", "v"));
        wasm.memory(1, 2);
        wasm.function("f", wasm.type("i", ""), "l", code().get(0).v128(1, 2).op(0x1a).op(0x1a));
        var good = wasm.assemble();
        for (int i = 0; i < 20_000; i++) {
            var bad = good.clone();
            for (int j = random.nextInt(1, 5); j > 0; j--)
                bad[random.nextInt(8, bad.length)] = (byte) random.nextInt();
            WasmFeatures.of(bad, WasmSections.of(bad));
            var cut = java.util.Arrays.copyOf(good, random.nextInt(8, good.length));
            WasmFeatures.of(cut, WasmSections.of(cut));
        }
    }

    // ---- the report

    public static final class Greetings implements SyscallFamily {

        @Override
        public String module() {
            return "demo";
        }

        @Export
        public int greet(int x) {
            return x;
        }

        @Export("other")
        public int another() {
            return 0;
        }

        @Export
        public int text(Task task, @Utf8 String name, long size) {
            return 0;
        }
    }

    /// Serves a module of WASI, but not all of it.
    public static final class Part implements SyscallFamily {

        @Override
        public String module() {
            return "wasi_snapshot_preview1";
        }

        @Export
        public int sock_accept(int fd, int flags, int result) {
            return 0;
        }
    }

    private static ImportProviders providers() {
        var providers = new ImportProviders();
        providers.add(new Greetings(), "demo.bundle");
        return providers;
    }

    private static String provider(String module, String name, ValueType... parameters) {
        return provider(providers(), module, name, parameters);
    }

    private static String provider(
            ImportProviders providers, String module, String name, ValueType... parameters) {
        var type = new FunctionType(List.of(parameters), List.of(ValueType.I32));
        var provider = providers.of(new ImportType(module, name, type));
        return provider.bundle() + "/" + provider.note() + "/" + provider.missing();
    }

    @Test
    void knowsProviders() {
        var i32 = ValueType.I32;
        assertEquals("demo.bundle//false", provider("demo", "greet", i32));
        assertEquals("/demo.bundle has it with another type/true", provider("demo", "greet"));
        assertEquals("demo.bundle//false", provider("demo", "text", i32, i32, ValueType.I64));
        assertEquals("demo.bundle//false", provider("demo", "other"));
        assertEquals("/nobody provides it/true", provider("demo", "another"));
        assertEquals("/answers ENOSYS/false", provider("linux", "reboot"));
        assertEquals("podium.kernel//false", provider("linux", "syscall"));
        assertEquals(
                "/podium.syscall.wasi would, but is not there/true",
                provider("wasi_snapshot_preview1", "fd_write"));
        assertEquals(
                "/podium.syscall.wasi would, but is not there/true",
                provider("wasi", "thread-spawn"));
        var memory = new ImportType("env", "memory", new MemoryType(1, 2, false));
        assertFalse(providers().of(memory).missing());
        var global = new ImportType("env", "g", new GlobalType(ValueType.I32, false));
        assertTrue(providers().of(global).missing());
    }

    @Test
    void knowsWhatIsMissingOfAModuleThatIsServed() {
        var providers = new ImportProviders();
        providers.add(new Part(), "podium.syscall.wasi");
        var wasi = "wasi_snapshot_preview1";
        var i32 = ValueType.I32;
        assertEquals(
                "podium.syscall.wasi//false",
                provider(providers, wasi, "sock_accept", i32, i32, i32));
        assertEquals(
                "/podium.syscall.wasi has it with another type/true",
                provider(providers, wasi, "sock_accept", i32, i32));
        assertEquals(
                "/podium.syscall.wasi.sockets would, but is not there/true",
                provider(providers, wasi, "sock_open", i32, i32, i32));
        assertEquals("/nobody provides it/true", provider(providers, wasi, "fd_teleport", i32));
    }

    /// Refuses all.
    private record Choosy() implements Engine {

        @Override
        public String name() {
            return "choosy";
        }

        @Override
        public Set<Feature> features() {
            return Set.of();
        }

        @Override
        public Module load(ModuleSource source) throws ModuleException {
            throw new ModuleException(source.name() + ": not this one", 9);
        }

        @Override
        public Memory newMemory(MemoryType type) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void reports() {
        var wasm = new WasmAssembler();
        wasm.importFunction("evil\u001b[31m", "x", wasm.type("", ""));
        var report = new ModuleReport("m.wasm", wasm.assemble());
        report.load(new Choosy());
        var text = report.text(providers());
        assertTrue(text.contains("debug: nothing"), text);
        assertTrue(text.contains("runs: no: no engine takes it"), text);
        assertTrue(text.contains("choosy  no       m.wasm: not this one (at offset 9)"), text);
        assertFalse(text.contains("\u001b"), text);
        var json = (Map<?, ?>) Objects.requireNonNull(Json.parse(report.json(providers())));
        assertEquals(false, json.get("runs"));
        var engines = (List<?>) Objects.requireNonNull(json.get("engines"));
        assertEquals("no", ((Map<?, ?>) engines.getFirst()).get("accepts"));
    }
}
