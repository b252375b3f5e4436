package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandles;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import podium.engine.Engine;
import podium.engine.Instance;
import podium.engine.Trap;
import podium.engine.Trap.Kind;

/// The guest's own exceptions.
abstract class EngineExceptions extends EngineFixture {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final int TRY = 0x06;
    private static final int CATCH = 0x07;
    private static final int THROW = 0x08;
    private static final int RETHROW = 0x09;
    private static final int CATCH_ALL = 0x19;

    @BeforeEach
    void supported() {
        assumeTrue(engine().features().contains(Engine.Feature.LEGACY_EXCEPTIONS));
    }

    static int failIfOne(@Nullable Object context, int x) {
        if (x == 1) throw new IllegalStateException("host");
        return x;
    }

    private WasmAssembler module() {
        var wasm = new WasmAssembler();
        int unary = wasm.type("i", "i");
        int host = wasm.importFunction("host", "fail", unary);
        int tag = wasm.tag(wasm.type("i", ""));
        int other = wasm.tag(wasm.type("", ""));
        // 0 throws the tag with 40, 2 throws the other tag, 3 traps, else calls the host
        int thrower =
                wasm.function(
                        "throw",
                        unary,
                        "",
                        code().get(0)
                                .raw(0x45)
                                .begin(4)
                                .i32(40)
                                .op(THROW, tag)
                                .end()
                                .get(0)
                                .i32(2)
                                .raw(0x46)
                                .begin(4)
                                .op(THROW, other)
                                .end()
                                .get(0)
                                .i32(3)
                                .raw(0x46)
                                .begin(4)
                                .raw(0)
                                .end()
                                .get(0)
                                .call(host));
        // a local that changes before the exception keeps its value in the handler
        wasm.function(
                "catch",
                unary,
                "i",
                code().i32(1)
                        .set(1)
                        .raw(TRY, 0x7f)
                        .i32(2)
                        .set(1)
                        .get(0)
                        .call(thrower)
                        .raw(CATCH)
                        .u(tag)
                        .get(1)
                        .add()
                        .raw(CATCH_ALL)
                        .i32(-7)
                        .end());
        wasm.function(
                "rethrow",
                unary,
                "",
                code().raw(TRY, 0x7f)
                        .raw(TRY, 0x7f)
                        .get(0)
                        .call(thrower)
                        .raw(CATCH_ALL)
                        .op(RETHROW, 0)
                        .end()
                        .raw(CATCH)
                        .u(tag)
                        .i32(100)
                        .add()
                        .end());
        return wasm;
    }

    @Test
    void catchesByTag() {
        var host = host(LOOKUP, EngineExceptions.class, "failIfOne", 1, 1);
        try (var instance = instantiate(load(module()), Map.of("host.fail", host), null)) {
            assertEquals(42, call(instance, "catch", 0));
            assertEquals(-7, call(instance, "catch", 2));
            assertEquals(5, call(instance, "catch", 5));
            assertEquals(140, call(instance, "rethrow", 0));
            assertTraps(Kind.UNCAUGHT_EXCEPTION, instance, "rethrow", 2);
            assertTraps(Kind.UNCAUGHT_EXCEPTION, instance, "throw", 0);
        }
    }

    @Test
    void catchesNeitherTrapsNorHostExceptions() {
        var host = host(LOOKUP, EngineExceptions.class, "failIfOne", 1, 1);
        try (var instance = instantiate(load(module()), Map.of("host.fail", host), null)) {
            assertTraps(Kind.UNREACHABLE, instance, "catch", 3);
            var e = assertThrows(IllegalStateException.class, () -> call(instance, "catch", 1));
            assertEquals("host", e.getMessage());
        }
    }

    /// Calls the guest, whose exception goes on in the frames that called this.
    static int relay(@Nullable Object context, int x) {
        var box = (Instance[]) java.util.Objects.requireNonNull(context);
        try {
            return (Integer) java.util.Objects.requireNonNull(call(box[0], "throw", x));
        } catch (Trap trap) {
            if (trap.getCause() instanceof RuntimeException thrown) throw thrown;
            throw trap;
        }
    }

    @Test
    void goesOnBehindTheHost() {
        var wasm = new WasmAssembler();
        int unary = wasm.type("i", "i");
        int relay = wasm.importFunction("host", "relay", unary);
        int tag = wasm.tag(wasm.type("i", ""));
        wasm.function("throw", unary, "", code().get(0).op(THROW, tag));
        wasm.function(
                "catch",
                unary,
                "",
                code().raw(TRY, 0x7f)
                        .get(0)
                        .call(relay)
                        .raw(CATCH)
                        .u(tag)
                        .i32(1)
                        .add()
                        .raw(CATCH_ALL)
                        .i32(-7)
                        .end());
        var box = new Instance[1];
        var host = host(LOOKUP, EngineExceptions.class, "relay", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.relay", host), box)) {
            box[0] = instance;
            for (int i = 0; i < 3; i++) assertEquals(i + 1, call(instance, "catch", i));
            assertTraps(Kind.UNCAUGHT_EXCEPTION, instance, "throw", 0);
        }
    }
}
