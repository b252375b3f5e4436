package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Instance;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.Trap.Kind;

/// `try_table` and `throw_ref`, alone and beside the exceptions of old.
abstract class EngineExceptionReferences extends EngineFixture {

    private static final int BLOCK = 0x02;
    private static final int THROW = 0x08;
    private static final int THROW_REF = 0x0a;
    private static final int TRY_TABLE = 0x1f;
    private static final int CATCH = 0;
    private static final int CATCH_REF = 1;
    private static final int CATCH_ALL = 2;
    private static final int CATCH_ALL_REF = 3;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.EXCEPTIONS));
    }

    private int unary;
    private int tag;
    private int other;
    private int thrower;

    /// `thrower` throws `tag` with 40 if it is given 0, `other` if 1, traps if 2, else returns.
    private WasmAssembler module() {
        var wasm = new WasmAssembler();
        unary = wasm.type("i", "i");
        tag = wasm.tag(wasm.type("i", ""));
        other = wasm.tag(wasm.type("", ""));
        thrower =
                wasm.function(
                        "thrower",
                        unary,
                        "",
                        code().get(0)
                                .raw(0x45)
                                .begin(4)
                                .i32(40)
                                .op(THROW, tag)
                                .end()
                                .get(0)
                                .i32(1)
                                .raw(0x46)
                                .begin(4)
                                .op(THROW, other)
                                .end()
                                .get(0)
                                .i32(2)
                                .raw(0x46)
                                .begin(4)
                                .raw(0)
                                .end()
                                .get(0));
        return wasm;
    }

    /// A local that changes before the exception keeps its value at the label.
    @Test
    void branchesToTheClauseThatMatches() {
        var wasm = module();
        wasm.function(
                "f",
                unary,
                "i",
                code().raw(BLOCK, 0x40)
                        .raw(BLOCK, 0x7f)
                        .i32(1)
                        .set(1)
                        .raw(TRY_TABLE, 0x7f)
                        .u(2)
                        .raw(CATCH)
                        .u(tag)
                        .u(0)
                        .raw(CATCH_ALL)
                        .u(1)
                        .i32(2)
                        .set(1)
                        .get(0)
                        .call(thrower)
                        .end()
                        .raw(0x0f)
                        .end()
                        .get(1)
                        .add()
                        .raw(0x0f)
                        .end()
                        .i32(-7)
                        .get(1)
                        .sub());
        try (var instance = instantiate(wasm)) {
            assertEquals(42, call(instance, "f", 0));
            assertEquals(-9, call(instance, "f", 1));
            assertTraps(Kind.UNREACHABLE, instance, "f", 2);
            assertEquals(3, call(instance, "f", 3));
        }
    }

    @Test
    void throwsAReferenceAgain() {
        var wasm = module();
        wasm.type("", "e");
        int caught = wasm.type("", "ie");
        // keeps the exception in a local, and throws it once more from an outer try
        wasm.function(
                "again",
                unary,
                "ei",
                code().raw(BLOCK)
                        .u(caught)
                        .raw(TRY_TABLE, 0x40)
                        .u(1)
                        .raw(CATCH_REF)
                        .u(tag)
                        .u(0)
                        .raw(BLOCK, 0x69)
                        .raw(TRY_TABLE, 0x7f)
                        .u(1)
                        .raw(CATCH_ALL_REF)
                        .u(0)
                        .get(0)
                        .call(thrower)
                        .end()
                        .raw(0x0f)
                        .end()
                        .set(1)
                        .get(1)
                        .raw(THROW_REF)
                        .end()
                        .raw(0)
                        .end()
                        .set(1)
                        .get(1)
                        .raw(0xd1)
                        .add());
        wasm.function("null", unary, "", code().raw(0xd0, 0x69, THROW_REF));
        try (var instance = instantiate(wasm)) {
            assertEquals(40, call(instance, "again", 0));
            assertTraps(Kind.UNCAUGHT_EXCEPTION, instance, "again", 1);
            assertEquals(9, call(instance, "again", 9));
            assertTraps(Kind.NULL_REFERENCE, instance, "null", 0);
        }
    }

    @Test
    void passesThroughCallsAndLoops() {
        var wasm = module();
        // counts down from the parameter, catching what is thrown at 1 and 0
        wasm.function(
                "f",
                unary,
                "i",
                code().begin(3)
                        .raw(BLOCK, 0x40)
                        .raw(BLOCK, 0x7f)
                        .raw(TRY_TABLE, 0x40)
                        .u(2)
                        .raw(CATCH)
                        .u(tag)
                        .u(0)
                        .raw(CATCH)
                        .u(other)
                        .u(1)
                        .get(0)
                        .i32(3)
                        .raw(0x48)
                        .begin(4)
                        .get(0)
                        .call(thrower)
                        .raw(0x1a)
                        .end()
                        .end()
                        .i32(1)
                        .end()
                        .get(1)
                        .add()
                        .set(1)
                        .end()
                        .get(0)
                        .i32(1)
                        .sub()
                        .tee(0)
                        .i32(0)
                        .raw(0x4e)
                        .op(0x0d, 0)
                        .end()
                        .get(1));
        try (var instance = instantiate(wasm)) {
            assertEquals(40, call(instance, "f", 1));
            assertTraps(Kind.UNREACHABLE, instance, "f", 5);
            assertEquals(40, call(instance, "f", 0));
        }
    }

    @Test
    void meetsTheExceptionsOfOld() {
        assumeTrue(engine().features().contains(Engine.Feature.LEGACY_EXCEPTIONS));
        var wasm = module();
        // try (try_table catching nothing that matches (call)) catch tag
        wasm.function(
                "oldAroundNew",
                unary,
                "",
                code().raw(0x06, 0x7f)
                        .raw(BLOCK, 0x40)
                        .raw(TRY_TABLE, 0x7f)
                        .u(1)
                        .raw(CATCH)
                        .u(other)
                        .u(0)
                        .get(0)
                        .call(thrower)
                        .end()
                        .raw(0x0f)
                        .end()
                        .i32(-1)
                        .raw(0x07)
                        .u(tag)
                        .i32(2)
                        .add()
                        .end());
        wasm.function(
                "newAroundOld",
                unary,
                "",
                code().raw(BLOCK, 0x7f)
                        .raw(TRY_TABLE, 0x7f)
                        .u(1)
                        .raw(CATCH)
                        .u(tag)
                        .u(0)
                        .raw(0x06, 0x7f)
                        .get(0)
                        .call(thrower)
                        .raw(0x19)
                        .raw(0x09, 0)
                        .end()
                        .end()
                        .raw(0x0f)
                        .end()
                        .i32(3)
                        .add());
        if (refusesBoth(wasm)) return;
        try (var instance = instantiate(wasm)) {
            assertEquals(42, call(instance, "oldAroundNew", 0));
            assertEquals(-1, call(instance, "oldAroundNew", 1));
            assertEquals(43, call(instance, "newAroundOld", 0));
            assertTraps(Kind.UNCAUGHT_EXCEPTION, instance, "newAroundOld", 1);
        }
    }

    /// Whether an engine makes use of [Engine.Feature#EXCEPTIONS]'s permission.
    private boolean refusesBoth(WasmAssembler wasm) {
        try {
            engine().load(ModuleSource.of("both", wasm.assemble()));
            return false;
        } catch (ModuleException e) {
            var message = String.valueOf(e.getMessage());
            assertTrue(message.contains("legacy") && message.contains("exception"), message);
            return true;
        }
    }

    /// A tag of two vectors: their values come back as they were.
    @Test
    void carriesVectors() {
        assumeTrue(engine().features().contains(Engine.Feature.SIMD));
        var wasm = new WasmAssembler();
        int pair = wasm.tag(wasm.type("vv", ""));
        int caught = wasm.type("", "vv");
        wasm.function(
                "f",
                wasm.type("", "l"),
                "v",
                code().raw(BLOCK)
                        .u(caught)
                        .raw(TRY_TABLE, 0x40)
                        .u(1)
                        .raw(CATCH)
                        .u(pair)
                        .u(0)
                        .v128(1, 2)
                        .v128(10, 20)
                        .op(THROW, pair)
                        .end()
                        .raw(0)
                        .end()
                        .vector(0xd1)
                        .set(0)
                        .get(0)
                        .vector(0x1d, 1)
                        .i64(100)
                        .raw(0x7e)
                        .get(0)
                        .vector(0x1d, 0)
                        .raw(0x7c));
        try (Instance instance = instantiate(wasm)) {
            assertEquals(-1809L, call(instance, "f"));
        }
    }

    /// Each exception refers to the one before it.
    @Test
    void exceptionsDoNotUseUpTheHost() {
        var wasm = new WasmAssembler();
        int tag = wasm.tag(wasm.type("e", ""));
        wasm.function(
                "chain",
                wasm.type("", ""),
                "e",
                code().begin(3)
                        .raw(BLOCK, 0x69)
                        .raw(TRY_TABLE, 0x40, 1, CATCH_ALL_REF, 0)
                        .get(0)
                        .op(THROW, tag)
                        .end()
                        .raw(0x00)
                        .end()
                        .set(0)
                        .op(0x0c, 0)
                        .end());
        wasm.function("fine", wasm.type("", "i"), "", code().i32(1));
        try (var instance = instantiate(wasm)) {
            assertTraps(Kind.OUT_OF_MEMORY, instance, "chain");
            assertEquals(1, call(instance, "fine"));
        }
    }
}
