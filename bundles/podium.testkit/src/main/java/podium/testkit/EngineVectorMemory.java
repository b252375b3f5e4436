package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.MemoryType;
import podium.engine.Trap.Kind;
import podium.testkit.EngineVectors.Row;
import podium.testkit.VectorReference.Shape;

/// Vectors from memory and to it, up to its end.
abstract class EngineVectorMemory extends EngineFixture {

    private static final int LANE = 1;
    private static final int END = MemoryType.PAGE;
    private static final long LOW = 0x1716151413121110L;
    private static final long HIGH = 0x1f1e1d1c1b1a1918L;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.SIMD));
    }

    private static boolean isAccess(Row row) {
        return row.operands().startsWith("i") && row.name().startsWith("v128");
    }

    private static boolean isLane(Row row) {
        return row.name().endsWith("lane");
    }

    /// Bytes an instruction accesses.
    private static int width(Row row) {
        var digits = digits(row);
        if (digits.isEmpty()) return 16;
        return digits.contains("x") ? 8 : Integer.parseInt(digits) / 8;
    }

    /// The width and number of what an instruction accesses, such as `8x8`.
    private static String digits(Row row) {
        return row.name().substring("v128".length()).replaceAll("[^0-9x]", "");
    }

    /// Functions of an address; what a load gives is stored at 0.
    private WasmAssembler module() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "");
        wasm.memory(1, 1);
        for (var row : EngineVectors.rows()) {
            if (!isAccess(row)) continue;
            var body = code();
            if (row.result() == 'v') body.i32(0);
            body.get(0);
            if (row.operands().length() > 1) body.v128(LOW, HIGH);
            body.vector(row.code()).u(0).u(4);
            if (isLane(row)) body.raw(LANE);
            if (row.result() == 'v') body.vector(0x0b).u(0).u(0);
            wasm.function(row.name(), type, "", body);
        }
        return wasm;
    }

    private static void fill(MemorySegment memory) {
        for (int i = 0; i < END; i++) memory.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 37 + 0x81));
    }

    private static byte[] constant() {
        var bytes = new byte[16];
        for (int i = 0; i < 16; i++) bytes[i] = (byte) (0x10 + i);
        return bytes;
    }

    @Test
    void loads() {
        try (var instance = instantiate(module())) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            for (var row : EngineVectors.rows()) {
                if (!isAccess(row) || row.result() != 'v') continue;
                for (int place : new int[] {100, 101, END - width(row)}) {
                    fill(memory);
                    var source = memory.asSlice(place, width(row)).toArray(ValueLayout.JAVA_BYTE);
                    call(instance, row.name(), place - 4);
                    assertEquals(
                            HexFormat.of().formatHex(loaded(row, source)),
                            HexFormat.of()
                                    .formatHex(
                                            memory.asSlice(0, 16).toArray(ValueLayout.JAVA_BYTE)),
                            row.name());
                }
            }
        }
    }

    private static byte[] loaded(Row row, byte[] source) {
        var name = row.name();
        var result = new byte[16];
        if (isLane(row)) {
            result = constant();
            System.arraycopy(source, 0, result, LANE * source.length, source.length);
        } else if (name.endsWith("splat")) {
            for (int i = 0; i < 16; i++) result[i] = source[i % source.length];
        } else if (digits(row).contains("x")) {
            boolean signed = name.endsWith("_s");
            var narrow = Shape.of("i" + digits(row));
            var wide = new Shape(false, 2 * narrow.bits(), narrow.lanes());
            for (int i = 0; i < narrow.lanes(); i++)
                wide.set(result, i, narrow.lane(source, i, signed));
        } else {
            System.arraycopy(source, 0, result, 0, source.length);
        }
        return result;
    }

    @Test
    void stores() {
        try (var instance = instantiate(module())) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            for (var row : EngineVectors.rows()) {
                if (!isAccess(row) || row.result() == 'v') continue;
                int from = isLane(row) ? LANE * width(row) : 0;
                for (int place : new int[] {100, 101, END - width(row)}) {
                    fill(memory);
                    var expected = memory.toArray(ValueLayout.JAVA_BYTE);
                    System.arraycopy(constant(), from, expected, place, width(row));
                    call(instance, row.name(), place - 4);
                    assertEquals(
                            -1,
                            Arrays.mismatch(expected, memory.toArray(ValueLayout.JAVA_BYTE)),
                            row.name());
                }
            }
        }
    }

    /// What traps writes nothing.
    @Test
    void traps() {
        try (var instance = instantiate(module())) {
            var memory = Objects.requireNonNull(instance.memory()).segment();
            fill(memory);
            var before = memory.toArray(ValueLayout.JAVA_BYTE);
            for (var row : EngineVectors.rows()) {
                if (!isAccess(row)) continue;
                for (int beyond = 1; beyond <= width(row); beyond++)
                    assertTraps(
                            Kind.MEMORY_OUT_OF_BOUNDS,
                            instance,
                            row.name(),
                            END - width(row) + beyond - 4);
                for (int address : new int[] {-1, -4, -8, -20, Integer.MIN_VALUE})
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, row.name(), address);
            }
            assertEquals(-1, Arrays.mismatch(before, memory.toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    /// A load whose result is not wanted traps all the same.
    @Test
    void dropsTrap() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        wasm.memory(1, 1);
        var load = code().get(0).vector(0).u(0).u(0);
        wasm.function("drop", type, "", code().append(load).raw(0x1a).i32(1));
        wasm.function("low", type, "", code().append(load).vector(0x1b, 0));
        wasm.function("high", type, "", code().append(load).vector(0x1b, 3));
        var halves = new int[16];
        for (int i = 0; i < 16; i++) halves[i] = i % 8;
        wasm.function(
                "shuffle",
                type,
                "v",
                code().append(load).get(1).vector(0x0d, halves).vector(0x1b, 0));
        wasm.function(
                "other",
                type,
                "v",
                code().get(1).append(load).vector(0x0d, halves).vector(0x1b, 0));
        try (var instance = instantiate(wasm)) {
            for (var function : new String[] {"drop", "low", "high", "shuffle", "other"}) {
                call(instance, function, END - 16);
                for (int beyond = 1; beyond <= 16; beyond++)
                    assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, function, END - 16 + beyond);
            }
        }
    }
}
