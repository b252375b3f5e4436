package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import podium.engine.Instance;
import podium.testkit.WasmAssembler.Code;

/// Selections, of which engines may make minima and maxima, and switches.
abstract class EngineChoices extends EngineFixture {

    private static final long[] VALUES = {Long.MIN_VALUE, -1, 0, 1, 6, 7, 8, Long.MAX_VALUE};

    private static final int I32_EQ = 0x46;
    private static final int I64_EQ = 0x51;
    private static final int RELATIONS = 10;

    /// Whether a relation holds, by its number among those of its type.
    private static boolean holds(int relation, long a, long b) {
        int signed = Long.compare(a, b);
        int unsigned = Long.compareUnsigned(a, b);
        return switch (relation) {
            case 0 -> a == b;
            case 1 -> a != b;
            case 2 -> signed < 0;
            case 3 -> unsigned < 0;
            case 4 -> signed > 0;
            case 5 -> unsigned > 0;
            case 6 -> signed <= 0;
            case 7 -> unsigned <= 0;
            case 8 -> signed >= 0;
            default -> unsigned >= 0;
        };
    }

    private interface Body {
        void emit(Code code, int relation, boolean wide);
    }

    private interface Selection {
        long of(int relation, long a, long b);
    }

    private static final int SELECT = 0x1b;

    private static int xor(boolean wide) {
        return wide ? 0x85 : 0x73;
    }

    private static Code seven(Code code, boolean wide) {
        return wide ? code.i64(7) : code.i32(7);
    }

    /// Functions `f(a, b)` with a local 2 that select one of two values by how they compare, or by
    /// how something else does that looks like them; and the same done here.
    private enum Shape {
        STRAIGHT(
                (code, relation, _) -> code.get(0).get(1).get(0).get(1).raw(relation, SELECT),
                (relation, a, b) -> holds(relation, a, b) ? a : b),
        CROSSED(
                (code, relation, _) -> code.get(0).get(1).get(1).get(0).raw(relation, SELECT),
                (relation, a, b) -> holds(relation, b, a) ? a : b),
        /// The first value is assigned where it is computed.
        FIRST_ASSIGNED(
                (code, relation, wide) -> {
                    code.get(1).get(1).raw(xor(wide)).get(0).raw(xor(wide)).tee(2);
                    code.get(1).get(2).get(1).raw(relation, SELECT);
                },
                (relation, a, b) -> holds(relation, a, b) ? a : b),
        /// Both are, and the condition compares them the other way round.
        BOTH_ASSIGNED(
                (code, relation, _) ->
                        code.get(0).tee(2).get(1).tee(1).get(1).get(2).raw(relation, SELECT),
                (relation, a, b) -> holds(relation, b, a) ? a : b),
        /// The condition sees of the first variable what the second value made of it.
        OVERWRITTEN(
                (code, relation, _) ->
                        code.get(0).get(1).tee(0).get(0).get(1).raw(relation, SELECT),
                (relation, a, b) -> holds(relation, b, b) ? a : b),
        /// Both values are of one variable, one after the other.
        REASSIGNED(
                (code, relation, _) ->
                        code.get(0).tee(2).get(1).tee(2).get(2).get(2).raw(relation, SELECT),
                (relation, a, b) -> holds(relation, b, b) ? a : b),
        AGAINST_CONSTANT(
                (code, relation, wide) -> {
                    seven(code.get(0), wide);
                    seven(code.get(0), wide).raw(relation, SELECT);
                },
                (relation, a, _) -> holds(relation, a, 7) ? a : 7),
        /// One of the values is compared with something else.
        OTHER(
                (code, relation, wide) ->
                        seven(code.get(0).get(1).get(0), wide).raw(relation, SELECT),
                (relation, a, b) -> holds(relation, a, 7) ? a : b);

        final Body body;
        final Selection selection;

        Shape(Body body, Selection selection) {
            this.body = body;
            this.selection = selection;
        }
    }

    private Instance selecting(Shape shape, boolean wide) {
        var wasm = new WasmAssembler();
        var types = wide ? List.of("ll", "l") : List.of("ii", "i");
        int type = wasm.type(types.get(0), types.get(1));
        for (int i = 0; i < RELATIONS; i++) {
            var body = code();
            shape.body.emit(body, (wide ? I64_EQ : I32_EQ) + i, wide);
            wasm.function("f" + i, type, types.get(1), body);
        }
        return instantiate(wasm);
    }

    @ParameterizedTest
    @EnumSource
    void selectOneOfTwoNumbers(Shape shape) {
        try (var instance = selecting(shape, true)) {
            forAll(
                    (relation, a, b) ->
                            assertEquals(
                                    shape.selection.of(relation, a, b),
                                    call(instance, "f" + relation, a, b),
                                    relation + " of " + a + ", " + b));
        }
    }

    @ParameterizedTest
    @EnumSource
    void selectOneOfTwoSmallNumbers(Shape shape) {
        try (var instance = selecting(shape, false)) {
            forAll(
                    (relation, first, second) -> {
                        int a = (int) (first ^ first >>> 32);
                        int b = (int) (second ^ second >>> 32);
                        assertEquals(
                                (int) shape.selection.of(relation, a, b),
                                call(instance, "f" + relation, a, b),
                                relation + " of " + a + ", " + b);
                    });
        }
    }

    private static final int ARMS = 6;

    /// Each arm calls through a table as C++ does a virtual function: an argument is the object,
    /// which is assigned where it is passed, and the function's number is read from it. What was in
    /// the variable before nobody reads.
    private static WasmAssembler virtualCalls() {
        var wasm = new WasmAssembler();
        int type = wasm.type("ii", "i");
        wasm.memory(1, 1);
        wasm.table(2, 2);
        var sum = code().get(0).get(1).add();
        wasm.elements(0, wasm.function("sum", type, "", sum));
        var difference = code().get(0).get(1).sub();
        wasm.elements(1, wasm.function("difference", type, "", difference));
        var body = code();
        for (int i = 0; i < ARMS; i++) body.begin(0x02);
        body.get(0).raw(0x0e).u(ARMS - 1);
        for (int i = 0; i < ARMS; i++) body.u(i);
        for (int i = 0; i < ARMS; i++) {
            body.end().get(1).load(0).tee(2).i32(i).get(2).load(4 * (i % 2));
            body.op(0x11, type, 0).raw(0x0f);
        }
        wasm.function("call", type, "i", body.raw(0x00));
        return wasm;
    }

    @Test
    void switchToVirtualCalls() {
        int reference = 64;
        int object = 128;
        try (var instance = instantiate(virtualCalls())) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            memory.set(ValueLayout.JAVA_INT, reference, object);
            memory.set(ValueLayout.JAVA_INT, object + 4, 1);
            for (int i = 0; i < ARMS; i++)
                assertEquals(
                        i % 2 == 0 ? object + i : object - i, call(instance, "call", i, reference));
        }
    }

    private interface Check {
        void that(int relation, long a, long b);
    }

    private static void forAll(Check check) {
        for (int relation = 0; relation < RELATIONS; relation++)
            for (long a : VALUES) for (long b : VALUES) check.that(relation, a, b);
    }

    /// `-Dpodium.programs` says how many.
    @Test
    void switchInLoops() {
        long seed = Long.getLong("podium.seed", System.nanoTime());
        for (int i = 0; i < Integer.getInteger("podium.programs", 60); i++) {
            var program = new SwitchProgram(seed + i);
            try (var instance = instantiate(program.assemble())) {
                run(program, instance, seed + i);
            }
        }
    }

    private static void run(SwitchProgram program, Instance instance, long seed) {
        var random = new Random(seed);
        var memory = SwitchProgram.memory(seed);
        var segment = Objects.requireNonNull(instance.memory()).segment();
        MemorySegment.copy(memory, 0, segment, ValueLayout.JAVA_BYTE, 0, memory.length);
        for (int rounds : new int[] {1, 50, 3_000}) {
            int first = random.nextInt(1000) * 4;
            int second = random.nextInt(1000) * 4;
            int a = random.nextInt();
            int b = random.nextInt();
            var when = "podium.seed=%d, %d rounds".formatted(seed, rounds);
            int expected = program.run(new int[] {first, second, a, b, rounds}, memory);
            assertEquals(expected, call(instance, "run", first, second, a, b, rounds), when);
            assertArrayEquals(memory, segment.toArray(ValueLayout.JAVA_BYTE), when);
        }
    }
}
