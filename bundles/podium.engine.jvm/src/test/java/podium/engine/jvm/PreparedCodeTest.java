package podium.engine.jvm;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import podium.engine.Module;
import podium.engine.ModuleSource;
import podium.engine.Trap;
import podium.engine.jvm.ir.Profile;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

class PreparedCodeTest {

    /// Sums 1 to n in a loop, and has a function that does not run.
    private static ModuleSource source() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        wasm.function(
                "sum",
                type,
                "i",
                new Code()
                        .begin(3)
                        .get(1)
                        .get(0)
                        .add()
                        .set(1)
                        .get(0)
                        .i32(1)
                        .sub()
                        .tee(0)
                        .op(0x0d, 0)
                        .end()
                        .get(1));
        wasm.function("idle", type, "", new Code().get(0));
        return ModuleSource.of("sum", wasm.assemble());
    }

    static ModuleSource with(ModuleSource source, byte[] prepared) {
        return new ModuleSource() {
            @Override
            public String name() {
                return source.name();
            }

            @Override
            public String sha256() {
                return source.sha256();
            }

            @Override
            public byte[] bytes() throws IOException {
                return source.bytes();
            }

            @Override
            public InputStream prepared(String engine) {
                assertEquals("jvm", engine);
                return new ByteArrayInputStream(prepared);
            }
        };
    }

    private static Object sum(Module module) throws Exception {
        try (var instance = module.instantiate(_ -> null, null)) {
            return instance.function("sum").call(100);
        }
    }

    private static byte[] prepare(Profile profile) throws Exception {
        var out = new ByteArrayOutputStream();
        new JvmEngine().prepare(source(), profile, out);
        return out.toByteArray();
    }

    @Test
    void runsPreparedCode() throws Exception {
        var prepared = prepare(null);
        var code = PreparedCode.readFrom(new ByteArrayInputStream(prepared), source().sha256());
        assertTrue(code.classes().containsKey("wasm.State"));
        assertEquals(5050, sum(new JvmEngine().load(with(source(), prepared))));
    }

    @Test
    void ignoresWhatDoesNotFit() throws Exception {
        var prepared = prepare(null);
        assertNull(PreparedCode.readFrom(new ByteArrayInputStream(prepared), "another"));
        var other = prepared.clone();
        other[7]++; // the version
        assertNull(PreparedCode.readFrom(new ByteArrayInputStream(other), source().sha256()));
        assertEquals(5050, sum(new JvmEngine().load(with(source(), other))));
    }

    @Test
    void compilesWhenThePreparedCodeIsDamaged() throws Exception {
        var prepared = prepare(null);
        var half = Arrays.copyOf(prepared, prepared.length / 2);
        assertThrows(
                IOException.class,
                () -> PreparedCode.readFrom(new ByteArrayInputStream(half), source().sha256()));
        assertThrows(
                EOFException.class,
                () -> PreparedCode.readFrom(InputStream.nullInputStream(), source().sha256()));
        assertEquals(5050, sum(new JvmEngine().load(with(source(), half))));
    }

    /// They take room; a module without debug information can do without.
    @Test
    void tellsNoPositionsOfAStrippedModule() throws Exception {
        var wasm = new WasmAssembler();
        wasm.function("trap", wasm.type("", ""), "", new Code().raw(0x00));
        var source = ModuleSource.of("trap", wasm.assemble());
        var out = new ByteArrayOutputStream();
        new JvmEngine().prepare(source, null, out);
        var name = new Trap.Frame(0, "trap", -1, null);
        assertEquals(List.of(name), frames(new JvmEngine().load(with(source, out.toByteArray()))));
        int offset = new String(source.bytes(), ISO_8859_1).indexOf("\3\0\0\13") + 2;
        var place = new Trap.Frame(0, "trap", offset, null);
        assertEquals(List.of(place), frames(new JvmEngine().load(source)));
    }

    private static List<Trap.Frame> frames(Module module) throws Exception {
        try (var instance = module.instantiate(_ -> null, null)) {
            var function = instance.function("trap");
            return assertThrows(Trap.class, () -> function.call()).frames();
        }
    }

    @Test
    void recordsAProfile() throws Exception {
        var engine = new TrainingEngine();
        var source = source();
        assertEquals(5050, sum(engine.load(source)));
        var profile = engine.profile(source.sha256());
        assertEquals(1, profile.entries(0));
        assertEquals(0, profile.entries(1));
        assertNull(engine.profile("another"));
        var text = new StringWriter();
        profile.writeTo(text);
        assertTrue(text.toString().contains(" 100 "), "the loop's count: " + text);
        var read = Profile.readFrom(new StringReader(text.toString()));
        assertEquals(1, read.entries(0));
        assertEquals(5050, sum(new JvmEngine().load(with(source, prepare(read)))));
        assertThrows(IOException.class, () -> Profile.readFrom(new StringReader("0 x")));
    }
}
