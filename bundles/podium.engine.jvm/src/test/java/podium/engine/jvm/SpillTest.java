package podium.engine.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import podium.engine.GuestFunction;
import podium.engine.ModuleSource;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// More values pass between methods than the State class has fields.
class SpillTest {

    private static final String KINDS = "ilfdx";
    private static final int EACH = 300;

    private static String all() {
        var types = new StringBuilder();
        for (char kind : KINDS.toCharArray()) types.repeat(kind, EACH);
        return types.toString();
    }

    private static final int MOST_RESULTS = 1_000;

    /// If the first parameter is not 0, one is added to every number, and the references all become
    /// the second parameter.
    private static Code body() {
        var body = new Code().get(0).begin(4);
        for (int i = 0; i < EACH; i++) {
            body.get(2 + i).i32(1).add().set(2 + i);
            body.get(2 + EACH + i).i64(1).raw(0x7c).set(2 + EACH + i);
            body.get(2 + 2 * EACH + i).raw(0x43, 0, 0, 0x80, 0x3f, 0x92).set(2 + 2 * EACH + i);
            body.get(2 + 3 * EACH + i).raw(0x44, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0xa0);
            body.set(2 + 3 * EACH + i).get(1).set(2 + 4 * EACH + i);
        }
        body.raw(0x05);
        for (int i = 0; i < EACH; i++) body.get(2 + i).i32(2).add().set(2 + i);
        body.end();
        return body;
    }

    private static @Nullable Object expected(int local, int way) {
        return switch (local / EACH) {
            case 0 -> way == 0 ? 2 : 1;
            case 1 -> way == 0 ? 0L : 1L;
            case 2 -> way == 0 ? 0f : 1f;
            case 3 -> way == 0 ? 0d : 1d;
            default -> way == 0 ? null : "reference";
        };
    }

    private static void function(WasmAssembler wasm, String name, int from, int to) {
        var body = body();
        for (int i = from; i < to; i++) body.get(2 + i);
        wasm.function(name, wasm.type("ix", all().substring(from, to)), all(), body);
    }

    @ParameterizedTest
    @CsvSource({"60, DEEP", "1000, DEEP", "7800, DEEP", "60, SHARING", "1000, SHARING"})
    void handsAllOver(int methodSize, Manner manner) throws Exception {
        var wasm = new WasmAssembler();
        int count = all().length();
        function(wasm, "first", 0, MOST_RESULTS);
        function(wasm, "last", MOST_RESULTS, count);
        var source = ModuleSource.of("spill", wasm.assemble());
        var engine = new JvmEngine(methodSize, manner);
        try (var instance = engine.load(source).instantiate(_ -> null, null)) {
            for (int way = 0; way < 2; way++) {
                var results = new ArrayList<@Nullable Object>();
                for (var name : new String[] {"first", "last"}) {
                    var function = (GuestFunction) instance.export(name);
                    assertNotNull(function);
                    var given = (Object[]) function.call(way, "reference");
                    assertNotNull(given);
                    results.addAll(Arrays.asList(given));
                }
                for (int i = 0; i < count; i++)
                    assertEquals(expected(i, way), results.get(i), "value " + i);
            }
        }
    }
}
