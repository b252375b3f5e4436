package podium.engine.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import podium.engine.GuestFunction;
import podium.engine.Module;
import podium.engine.ModuleSource;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.testkit.WasmAssembler;

/// One function, split in many ways.
class SplitSizesTest {

    private static final int STEPS = 10;

    /// Variable 3 adds up; what is in variable 2 it does not look at.
    private static void steps(WasmAssembler.Code body, int factor) {
        for (int i = 0; i < STEPS; i++)
            body.get(1)
                    .i32(1 << i % 5)
                    .raw(0x71)
                    .begin(4)
                    .get(3)
                    .i32(factor)
                    .raw(0x6c)
                    .i32(i)
                    .add()
                    .set(3)
                    .end();
    }

    private static int stepped(int n, int factor) {
        int sum = 0;
        for (int i = 0; i < STEPS; i++) if ((n & 1 << i % 5) != 0) sum = sum * factor + i;
        return sum;
    }

    /// One way through much code has set a variable before, for later; the other never does.
    @ParameterizedTest
    @ValueSource(ints = {30, 100, 130, 150, 200, 250, 300, 350, 400, 500, 600, 700, 5000})
    void variableOfOneWay(int methodSize) throws Throwable {
        var wasm = new WasmAssembler();
        var body = new WasmAssembler.Code();
        body.begin(2).begin(2).get(0).op(0x0d, 0).get(1).i32(41).add().set(2);
        body.get(1).begin(4);
        steps(body, 3);
        body.raw(0x05);
        steps(body, 5);
        body.end().get(3).get(2).add().set(3).op(0x0c, 1).end();
        body.get(1).begin(4);
        steps(body, 7);
        body.raw(0x05);
        steps(body, 9);
        body.end().get(3).i32(1).raw(0x73).set(3).end();
        wasm.function("f", wasm.type("ii", "i"), "ii", body.get(3));
        var source = ModuleSource.of("f", wasm.assemble());
        for (var manner : Manner.values()) compute(new JvmEngine(methodSize, manner).load(source));
    }

    private static void compute(Module module) throws Throwable {
        try (var instance = module.instantiate(_ -> null, null)) {
            var f = (GuestFunction) instance.export("f");
            assertNotNull(f);
            for (int n = 1; n < 32; n++) {
                assertEquals(stepped(n, 3) + n + 41, f.call(0, n));
                assertEquals(stepped(n, 7) ^ 1, f.call(1, n));
            }
            assertEquals(41, f.call(0, 0));
            assertEquals(1, f.call(1, 0));
        }
    }
}
