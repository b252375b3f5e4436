package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import podium.engine.Global;
import podium.engine.Instance;
import podium.engine.MemoryType;
import podium.engine.Trap.Kind;
import podium.testkit.WasmAssembler.Code;

/// Accesses that others before make safe, and such that look like it: an engine may leave out what
/// checks the former, never the latter. All by bytes, which are their own addresses' low bits.
abstract class EngineBounds extends EngineFixture {

    private static final int SIZE = MemoryType.PAGE;

    /// A load of the byte at the address on the stack plus an offset.
    private static Code byteAt(Code code, int offset) {
        return code.op(0x2d, 0, offset);
    }

    /// Adds up in local 2 what is at local 0 plus a constant, plus an offset.
    private static Code sum(Code code, int constant, int offset) {
        code.get(2).get(0);
        if (constant != 0) code.i32(constant).add();
        return byteAt(code, offset).add().set(2);
    }

    /// A function `f(address, other)` with a local 2, in a memory of one page to a number of them
    /// whose bytes are their addresses' low bits; and global 0, which counts.
    private WasmAssembler module(Code body, int maximum) {
        var wasm = new WasmAssembler();
        wasm.memory(1, maximum);
        wasm.global('i', true, code().i32(0));
        wasm.export("count", WasmAssembler.GLOBAL, 0);
        wasm.function("f", wasm.type("ii", "i"), "i", body.get(2));
        wasm.function("grow", wasm.type("i", "i"), "", code().get(0).raw(0x40, 0));
        return wasm;
    }

    private Instance instance(Code body) {
        return filled(instantiate(module(body, 2)));
    }

    private static Instance filled(Instance instance) {
        var segment = Objects.requireNonNull(instance.memory()).segment();
        for (int i = 0; i < SIZE; i++) segment.set(ValueLayout.JAVA_BYTE, i, (byte) i);
        return instance;
    }

    private static void assertEscapes(Instance instance, int address, int other) {
        assertTraps(Kind.MEMORY_OUT_OF_BOUNDS, instance, "f", address, other);
    }

    @Test
    void furtherThanBefore() {
        try (var instance = instance(sum(sum(sum(code(), 0, 8), 0, 3), 0, 9))) {
            assertEquals(18 + 13 + 19, call(instance, "f", 10, 0));
            assertEquals(254 + 249 + 255, call(instance, "f", SIZE - 10, 0));
            assertEscapes(instance, SIZE - 9, 0);
            assertEscapes(instance, -1, 0);
            assertEscapes(instance, -9, 0);
        }
    }

    @Test
    void belowWhatWasBefore() {
        try (var instance = instance(sum(sum(code(), 0, 4), -8, 0))) {
            assertEquals(12, call(instance, "f", 8, 0));
            assertEscapes(instance, 7, 0);
            assertEscapes(instance, 0, 0);
        }
    }

    /// The sum is before the memory, but sum and offset together are within what was seen.
    @Test
    void offsetFromBelow() {
        try (var instance = instance(sum(sum(code(), 0, 16), -8, 12))) {
            assertEquals(24 + 12, call(instance, "f", 8, 0));
            assertEscapes(instance, 7, 0);
        }
    }

    @Test
    void betweenTwo() {
        try (var instance = instance(sum(sum(sum(code(), -16, 0), 16, 0), 5, 1))) {
            assertEquals(0 + 32 + 22, call(instance, "f", 16, 0));
            assertEquals(
                    (SIZE - 33 & 255) + 255 + (SIZE - 11 & 255), call(instance, "f", SIZE - 17, 0));
            assertEscapes(instance, 15, 0);
            assertEscapes(instance, SIZE - 16, 0);
        }
    }

    @Test
    void onOneWayOnly() {
        var body = code().get(1).begin(4);
        sum(body, 0, 100).end();
        try (var instance = instance(sum(body, 0, 100))) {
            assertEquals(2 * 101, call(instance, "f", 1, 1));
            assertEquals(101, call(instance, "f", 1, 0));
            assertEscapes(instance, SIZE - 100, 0);
            assertEscapes(instance, SIZE - 100, 1);
        }
    }

    @Test
    void onBothWays() {
        var body = code().get(1).begin(4);
        sum(body, 0, 100).raw(0x05);
        sum(body, 0, 90).end();
        try (var instance = instance(sum(body, 0, 95))) {
            assertEquals(101 + 96, call(instance, "f", 1, 1));
            assertEquals(91 + 96, call(instance, "f", 1, 0));
            assertEscapes(instance, SIZE - 95, 0);
            assertEquals(250 + 255, call(instance, "f", SIZE - 96, 0));
        }
    }

    /// A loop that goes on until it leaves the memory.
    @Test
    void throughALoop() {
        var body = sum(code(), 0, 0).begin(3);
        sum(body, 0, 0).get(0).get(1).add().set(0);
        body.op(0x23, 0).i32(1).add().op(0x24, 0).op(0x0c, 0).end();
        try (var instance = instance(body)) {
            assertEscapes(instance, SIZE - 10, 1);
            assertEquals(10, count(instance));
            assertEscapes(instance, 10, -1);
            assertEquals(21, count(instance));
        }
    }

    private static int count(Instance instance) {
        var count = (Global) Objects.requireNonNull(instance.export("count"));
        return (int) Objects.requireNonNull(count.get());
    }

    /// What is behind a loop is not what was before.
    @Test
    void behindALoop() {
        var body = sum(code(), 0, 7).begin(3);
        body.get(0).i32(1).add().set(0).get(1).i32(1).sub().tee(1).op(0x0d, 0).end();
        try (var instance = instance(sum(body, 0, 7))) {
            assertEquals(17 + 22, call(instance, "f", 10, 5));
            assertEscapes(instance, SIZE - 10, 5);
            assertEquals((SIZE - 4 & 255) + 255, call(instance, "f", SIZE - 11, 3));
        }
    }

    /// A variable becomes another plus a constant, then itself plus one.
    @Test
    void moved() {
        var body = sum(code(), 0, 8).get(0).i32(16).add().set(1);
        body.get(2).get(1).i32(-16).add().op(0x2d, 0, 8).add().set(2);
        body.get(2).get(1).i32(-9).add().op(0x2d, 0, 1).add().set(2);
        body.get(0).i32(8).add().set(0);
        sum(body, 0, 0);
        body.get(0).i32(1).add().set(0);
        sum(body, 0, 0);
        try (var instance = instance(body)) {
            assertEquals(8 * 4 + 9, call(instance, "f", 0, 0));
            assertEscapes(instance, SIZE - 9, 0);
            assertEquals((SIZE - 2 & 255) * 4 + 255, call(instance, "f", SIZE - 10, 0));
        }
    }

    @Test
    void assignedWithinAnExpression() {
        var body = sum(code(), 0, 0).get(2).get(1).tee(0);
        byteAt(body, 0).add().set(2);
        try (var instance = instance(sum(body, 0, 3))) {
            assertEquals(5 + 20 + 23, call(instance, "f", 5, 20));
            assertEscapes(instance, 5, SIZE - 3);
            assertEscapes(instance, 5, SIZE);
        }
    }

    /// A store's value is worked out behind its address.
    @Test
    void assignedByTheValueStored() {
        var body = code().get(0).get(1).tee(0).op(0x3a, 0, 0);
        try (var instance = instance(sum(body, 0, 0))) {
            assertEquals(40, call(instance, "f", 5, 40));
            assertEscapes(instance, 5, SIZE);
            assertEscapes(instance, SIZE, 5);
        }
    }

    /// Constant addresses: within what the memory has at first, and within what it may have later.
    @Test
    void constantAddresses() {
        var body = code().get(1).begin(4).i32(SIZE - 3).op(0x28, 0, 0).set(2).raw(0x05);
        body.i32(SIZE - 8).op(0x28, 0, 4).set(2).end();
        try (var instance = instance(body)) {
            assertEquals(0xfffefdfc, call(instance, "f", 0, 0));
            assertEscapes(instance, 0, 1);
            assertEquals(1, call(instance, "grow", 1));
            assertEquals(0x00fffefd, call(instance, "f", 0, 1));
        }
    }

    /// Four-byte loads whose first byte was seen, and whose last was not.
    @Test
    void wider() {
        var body = sum(code(), 0, 0).get(0).op(0x28, 0, 0).set(2);
        try (var instance = instance(body)) {
            assertEquals(0xfffefdfc, call(instance, "f", SIZE - 4, 0));
            assertEscapes(instance, SIZE - 3, 0);
        }
    }

    /// In a memory of 4 GiB two addresses may lie on both sides of its end; what is between them
    /// does not follow.
    @Test
    void aroundTheEnd() {
        var body = sum(sum(sum(code(), 0, 0), 0x200, 0), 0, 0x180);
        try (var instance = filled(instantiate(module(body, 65_536)))) {
            assertEquals(1, call(instance, "grow", 65_535));
            assertEquals(0, call(instance, "f", 0x7fffff00, 0));
            assertEscapes(instance, -0x100, 0);
        }
    }
}
