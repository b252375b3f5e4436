package podium.engine.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import podium.engine.Engine;
import podium.engine.GuestFunction;
import podium.engine.ModuleSource;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// A machine whose states lead to themselves, any later state or a round's beginning, by a switch
/// each, and at the end to one of several blocks behind; as code has it that is made out of
/// coroutines: more ways than methods hold.
class ManyWaysTest {

    private static final int STATES = 120;

    /// Blocks in front of the machine, and behind it.
    private static final int AROUND = 10;

    // variables
    private static final int X = 0;
    private static final int STEPS = 1;
    private static final int Y = 2;
    private static final int Z = 3;
    private static final int FIRST = 4;

    /// Of its states each uses another one of these besides.
    private static final int OTHERS = 20;

    private static Code remainder(Code code, int n) {
        return code.get(X).i32(n).raw(0x70);
    }

    /// Switches to a state from within the loop of one, or from before all of them; or out of the
    /// machine.
    private static void choose(Code code, int from) {
        int round = from < 0 ? STATES : STATES - from;
        code.get(STEPS).raw(0x45).begin(4);
        remainder(code, AROUND).raw(0x0e).u(AROUND);
        for (int i = 0; i <= AROUND; i++) code.u(round + 2 + i % AROUND);
        code.end();
        code.get(STEPS).i32(1).sub().set(STEPS);
        remainder(code, STATES).raw(0x0e).u(STATES);
        for (int to = 0; to < STATES; to++) code.u(from < 0 ? to : to < from ? round : to - from);
        code.u(round);
    }

    /// Several blocks, the first and the last of which are in the loop.
    private static void work(Code code, int state) {
        int other = FIRST + state % OTHERS;
        code.get(X).i32(2 * state + 3).raw(0x6c).i32(state).add().set(X);
        code.get(Y).i64(3).raw(0x7e).get(X).raw(0xac).raw(0x7c).set(Y);
        code.get(X).i32(1 << state % 5).raw(0x71).begin(4);
        for (int i = 0; i < 3; i++) half(code.get(Z), 0xa0).set(Z);
        code.raw(0x05);
        half(code.get(Z), 0xa1).set(Z);
        code.end().get(other).get(X).add().set(other);
        code.get(X).get(other).raw(0x73).set(X);
        code.get(X).i32(2).raw(0x71).begin(4).get(other).i32(1).raw(0x74).set(other).end();
    }

    private static Code half(Code code, int operation) {
        return code.raw(0x44, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f).raw(operation);
    }

    private static byte[] machine() {
        var wasm = new WasmAssembler();
        var code = new Code();
        for (int i = 0; i < AROUND; i++) work(code, i);
        for (int i = 0; i < AROUND; i++) code.begin(2);
        code.begin(3);
        for (int i = 0; i < STATES; i++) code.begin(2);
        choose(code, -1);
        for (int state = 0; state < STATES; state++) {
            code.end().begin(3);
            work(code, state);
            choose(code, state);
            code.end();
        }
        code.end().raw(0);
        for (int i = 0; i < AROUND; i++) work(code.end(), i);
        code.get(X).get(Y).raw(0xa7).raw(0x73).get(Z).raw(0xaa).raw(0x73);
        wasm.function("f", wasm.type("ii", "i"), "ld" + "i".repeat(OTHERS), code);
        return wasm.assemble();
    }

    /// The same in Java.
    private static final class Twin {

        int x;
        long y;
        double z;
        final int[] others = new int[OTHERS];

        void work(int state) {
            int other = state % OTHERS;
            x = x * (2 * state + 3) + state;
            y = 3 * y + x;
            z += (x & 1 << state % 5) != 0 ? 1.5 : -0.5;
            others[other] += x;
            x ^= others[other];
            if ((x & 2) != 0) others[other] <<= 1;
        }

        int run(int from, int steps) {
            x = from;
            for (int i = 0; i < AROUND; i++) work(i);
            for (int state = -1; steps > 0; steps--) {
                int next = Integer.remainderUnsigned(x, STATES);
                state = next < state ? -1 : next;
                if (state >= 0) work(state);
            }
            for (int i = Integer.remainderUnsigned(x, AROUND); i < AROUND; i++) work(i);
            return x ^ (int) y ^ (int) z;
        }
    }

    private static void runs(Engine engine) throws Throwable {
        var module = engine.load(ModuleSource.of("machine", machine()));
        try (var instance = module.instantiate(_ -> null, null)) {
            var f = (GuestFunction) instance.export("f");
            assertNotNull(f);
            for (int x = 1; x < 2_000_000_000 && x > 0; x = x * 3 + 1)
                assertEquals(new Twin().run(x, 20_000), f.call(x, 20_000), "from " + x);
        }
    }

    @ParameterizedTest
    @EnumSource(Manner.class)
    void everyWayLeadsWhereItShould(Manner manner) throws Throwable {
        for (int size : new int[] {60, 300, 1_000, 4_000}) runs(new JvmEngine(size, manner));
    }

    @Test
    void inWhateverMannerTheEngineFinds() throws Throwable {
        runs(new JvmEngine());
    }
}
