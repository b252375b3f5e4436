package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Instance;
import podium.testkit.VectorReference.Shape;
import podium.testkit.WasmAssembler.Code;

/// Every vector instruction on random and extreme operands, against [VectorReference]; and vectors
/// where other values are: in variables, on the stack, in calls. Operands and results pass through
/// memory; for those that pass between host and guest see [EngineVectorCalls].
abstract class EngineVectors extends EngineFixture {

    private static final int FIRST_RELAXED = 0x100;
    private static final int ROUNDS = 120;
    private static final int RESULT = 64;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.SIMD));
    }

    /// @param operands a letter for each, as in [WasmAssembler]
    record Row(int code, String name, String operands, char result) {

        Shape shape() {
            return Shape.of(
                    name.startsWith("v128") ? "i8x16" : name.substring(0, name.indexOf('.')));
        }

        boolean isPlain() {
            return !operands.isEmpty()
                    && operands.charAt(0) == 'v'
                    && result != '-'
                    && !name.contains("_lane")
                    && !name.contains("shuffle");
        }
    }

    static List<Row> rows() {
        return VectorInstruction.all().stream()
                .map(i -> new Row(i.code(), i.name(), i.operands(), i.result()))
                .toList();
    }

    /// Loads or stores a value of a type.
    private static Code access(Code code, char type, boolean load, int offset) {
        return switch (type) {
            case 'i' -> code.op(load ? 0x28 : 0x36, 0, offset);
            case 'l' -> code.op(load ? 0x29 : 0x37, 0, offset);
            case 'f' -> code.op(load ? 0x2a : 0x38, 0, offset);
            case 'd' -> code.op(load ? 0x2b : 0x39, 0, offset);
            default -> code.vector(load ? 0 : 0x0b).u(0).u(offset);
        };
    }

    /// A function without parameters that applies an instruction to operands at 0, 16, 32 of memory
    /// and leaves the result at [#RESULT].
    private static Code applied(String operands, char result, Code instruction) {
        var code = code().i32(0);
        for (int i = 0; i < operands.length(); i++)
            access(code.i32(0), operands.charAt(i), true, 16 * i);
        return access(code.append(instruction), result, false, RESULT);
    }

    private static final long[] EXTREMES = {
        0,
        -1,
        0x8000000080000000L,
        0x7fff_8000_7fff_8000L,
        0x807f_ff80_7f80_0100L,
        0x7fff_ffff_8000_0000L,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        0x7fc00000_ff800000L,
        0x7f800000_80000000L,
        0x7ff8000000000000L,
        0xfff0000000000000L,
        0x4f000000_cf000001L,
        0x41dfffffffc00000L,
        0xc1e0000000200000L,
        0x3f000000_bfc00000L,
        0x3fe0000000000000L
    };

    private static void fill(byte[] memory, Random random) {
        random.nextBytes(memory);
        for (int i = 0; i < memory.length; i += 8) {
            if (random.nextInt(3) > 0) continue;
            long value = EXTREMES[random.nextInt(EXTREMES.length)];
            for (int b = 0; b < 8; b++) memory[i + b] = (byte) (value >>> 8 * b);
        }
    }

    @Test
    void instructions() {
        check(row -> row.code < FIRST_RELAXED);
    }

    /// Where there is a choice an engine must take that of the deterministic profile.
    @Test
    void relaxedInstructions() {
        assumeTrue(engine().features().contains(Engine.Feature.RELAXED_SIMD));
        check(row -> row.code >= FIRST_RELAXED);
    }

    private void check(java.util.function.Predicate<Row> wanted) {
        var rows = rows().stream().filter(Row::isPlain).filter(wanted).toList();
        assertTrue(rows.size() > 15);
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        wasm.memory(1, 1);
        for (var row : rows)
            wasm.function(
                    row.name, type, "", applied(row.operands, row.result, code().vector(row.code)));
        var random = new Random(1);
        try (var instance = instantiate(wasm)) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            for (var row : rows)
                for (int i = 0; i < ROUNDS; i++) check(row, instance, memory, random);
        }
    }

    private static void check(Row row, Instance instance, MemorySegment memory, Random random) {
        var bytes = new byte[RESULT];
        fill(bytes, random);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, RESULT);
        var operands = new Object[row.operands.length()];
        for (int i = 0; i < operands.length; i++)
            operands[i] =
                    row.operands.charAt(i) == 'v'
                            ? java.util.Arrays.copyOfRange(bytes, 16 * i, 16 * i + 16)
                            : (Object) memory.get(ValueLayout.JAVA_INT_UNALIGNED, 16 * i);
        call(instance, row.name);
        var expected = VectorReference.apply(row.name, operands);
        var actual = memory.asSlice(RESULT, 16).toArray(ValueLayout.JAVA_BYTE);
        if (expected instanceof Integer number)
            assertEquals(number, memory.get(ValueLayout.JAVA_INT_UNALIGNED, RESULT), row.name);
        else
            assertTrue(
                    same(row.shape(), (byte[]) expected, actual),
                    () ->
                            "%s of %s is %s, not %s"
                                    .formatted(
                                            row.name,
                                            hex(bytes),
                                            hex((byte[]) expected),
                                            hex(actual)));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /// Any quiet NaN is as good as another.
    private static boolean same(Shape shape, byte[] expected, byte[] actual) {
        for (int i = 0; i < shape.lanes(); i++) {
            long e = shape.unsigned(expected, i);
            long a = shape.unsigned(actual, i);
            long quiet = shape.bits() == 32 ? 0x7fc00000L : 0x7ff8000000000000L;
            boolean nan =
                    shape.floats()
                            && Double.isNaN(shape.number(expected, i))
                            && (a & quiet) == quiet;
            if (a != e && !nan) return false;
        }
        return true;
    }

    @Test
    void lanes() {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        wasm.memory(1, 1);
        for (var row : rows()) {
            if (!row.name.contains("ract_lane") && !row.name.contains("replace_lane")) continue;
            for (int lane = 0; lane < row.shape().lanes(); lane++)
                wasm.function(
                        row.name + lane,
                        type,
                        "",
                        applied(row.operands, row.result, code().vector(row.code, lane)));
        }
        for (var row : rows())
            if (row.name.endsWith("splat") && !row.name.startsWith("v128"))
                wasm.function(
                        row.name,
                        type,
                        "",
                        applied(row.operands, row.result, code().vector(row.code)));
        var bytes = new byte[RESULT];
        fill(bytes, new Random(2));
        try (var instance = instantiate(wasm)) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, RESULT);
            for (var row : rows()) checkLanes(row, instance, memory, bytes);
        }
    }

    private static void checkLanes(Row row, Instance instance, MemorySegment memory, byte[] bytes) {
        var shape = row.shape();
        boolean extract = row.name.contains("ract_lane");
        boolean splat = row.name.endsWith("splat") && !row.name.startsWith("v128");
        if (!extract && !splat && !row.name.contains("replace_lane")) return;
        var operand = java.util.Arrays.copyOf(bytes, 16);
        for (int lane = 0; lane < shape.lanes(); lane++) {
            call(instance, splat ? row.name : row.name + lane);
            if (extract) {
                boolean wide = shape.bits() == 64;
                long actual =
                        wide
                                ? memory.get(ValueLayout.JAVA_LONG_UNALIGNED, RESULT)
                                : memory.get(ValueLayout.JAVA_INT_UNALIGNED, RESULT);
                long expected = shape.lane(operand, lane, !row.name.endsWith("_u"));
                assertEquals(expected, actual, row.name + lane);
                continue;
            }
            var expected = splat ? new byte[16] : operand.clone();
            long value = shape.unsigned(bytes, splat ? 0 : 128 / shape.bits());
            for (int i = 0; i < shape.lanes(); i++)
                if (splat || i == lane) shape.set(expected, i, value);
            assertEquals(
                    hex(expected),
                    hex(memory.asSlice(RESULT, 16).toArray(ValueLayout.JAVA_BYTE)),
                    row.name + lane);
        }
    }

    @Test
    void shuffles() {
        var random = new Random(3);
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        wasm.memory(1, 1);
        var choices = new int[60][16];
        for (int i = 0; i < choices.length; i++) {
            int start = random.nextInt(32);
            for (int b = 0; b < 16; b++)
                choices[i][b] =
                        i < 20
                                ? (start + b) % 32
                                : i < 30 ? 16 * (b & 1) + b / 2 : random.nextInt(32);
            wasm.function("f" + i, type, "", applied("vv", 'v', code().vector(0x0d, choices[i])));
        }
        var bytes = new byte[RESULT];
        fill(bytes, random);
        try (var instance = instantiate(wasm)) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, RESULT);
            for (int i = 0; i < choices.length; i++) {
                call(instance, "f" + i);
                for (int b = 0; b < 16; b++)
                    assertEquals(
                            bytes[choices[i][b]],
                            memory.get(ValueLayout.JAVA_BYTE, RESULT + b),
                            "shuffle " + i);
            }
        }
    }

    /// `swap(a, b)` gives its parameters back in the other order, `turn(a)` the halves of one.
    private static WasmAssembler values() {
        var wasm = new WasmAssembler();
        wasm.memory(1, 1);
        wasm.global('v', true, code().v128(5, 6));
        int pair = wasm.type("vv", "vv");
        wasm.function("swap", pair, "v", code().get(0).set(2).get(1).get(2));
        var halves = new int[16];
        for (int i = 0; i < 16; i++) halves[i] = (i + 8) % 16;
        int one = wasm.type("v", "v");
        var turned = code().get(0).get(0).vector(0x0d, halves);
        wasm.function("turn", one, "", turned.set(0).get(0));
        return wasm;
    }

    /// Locals 1 and 2 become the vectors at 0 and 16, swapped; then local 1 is turned three times.
    private static Code swapped(int swap, int turn) {
        var both = access(access(code().i32(0), 'v', true, 0).i32(0), 'v', true, 16);
        var again = code().get(1).call(turn).set(1).get(3).i32(1).sub().tee(3).op(0x0d, 0);
        return both.call(swap).set(2).set(1).i32(3).set(3).begin(3).append(again).end();
    }

    /// In locals, parameters, results, globals, blocks and selections.
    @Test
    void areValues() {
        var wasm = values();
        // a block with a vector as result, which is local 1 or 2; and the one or the other again
        var chosen = code().raw(0x02, 0x7b).get(1).get(0).op(0x0d, 0).raw(0x1a).get(2).end();
        var other = code().get(2).get(1).get(0).raw(0x1b);
        var sum = chosen.append(other).vector(0xce).op(0x23, 0).vector(0xce);
        var body = swapped(0, 1).append(access(code().i32(0).append(sum), 'v', false, RESULT));
        wasm.function("f", wasm.type("i", ""), "vvi", body.get(2).op(0x24, 0));
        try (var instance = instantiate(wasm)) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            for (int i = 0; i < 4; i++) memory.set(ValueLayout.JAVA_LONG_UNALIGNED, 8 * i, i + 1);
            // locals 1 and 2 are (4, 3) and (1, 2), the global (5, 6) and then local 2
            call(instance, "f", 1);
            assertEquals(4 + 1 + 5, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, RESULT));
            assertEquals(3 + 2 + 6, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, RESULT + 8));
            call(instance, "f", 0);
            assertEquals(1 + 4 + 1, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, RESULT));
            assertEquals(2 + 3 + 2, memory.get(ValueLayout.JAVA_LONG_UNALIGNED, RESULT + 8));
        }
    }

    @Test
    void areFrozenInGlobals() throws podium.engine.LinkException {
        assumeTrue(engine().features().contains(Engine.Feature.SNAPSHOTS));
        var wasm = new WasmAssembler();
        wasm.global('i', true, code().i32(9));
        int vector = wasm.global('v', true, code().v128(1, 2));
        int after = wasm.global('l', true, code().i64(3));
        wasm.function(
                "step",
                wasm.type("", ""),
                "",
                code().op(0x23, vector).v128(10, 20).vector(0xce).op(0x24, vector));
        wasm.function("high", wasm.type("", "l"), "", code().op(0x23, vector).vector(0x1d, 1));
        wasm.function("after", 1, "", code().op(0x23, after));
        var module = load(wasm);
        try (var instance = instantiate(module, java.util.Map.of(), null)) {
            call(instance, "step");
            var snapshot = instance.freeze();
            call(instance, "step");
            try (var thawed = module.thaw(snapshot, imports(java.util.Map.of()), null)) {
                assertEquals(22L, call(thawed, "high"));
                assertEquals(3L, call(thawed, "after"));
                assertEquals(42L, call(instance, "high"));
            }
        }
    }
}
