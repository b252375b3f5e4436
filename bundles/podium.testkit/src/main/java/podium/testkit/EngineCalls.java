package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import podium.engine.FunctionType;
import podium.engine.Global;
import podium.engine.GuestFunction;
import podium.engine.HostFunction;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.Table;
import podium.engine.Trap.Kind;
import podium.engine.ValueType;

/// Calls from host to guest and back.
abstract class EngineCalls extends EngineFixture {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private Instance adder() {
        var wasm = new WasmAssembler();
        wasm.function("add", wasm.type("ii", "i"), "", code().get(0).get(1).add());
        return instantiate(wasm);
    }

    @Test
    void callsAnExport() throws Throwable {
        try (var instance = adder()) {
            assertEquals(5, call(instance, "add", 2, 3));
            assertEquals(Integer.MIN_VALUE, call(instance, "add", Integer.MAX_VALUE, 1));
            var add = java.util.Objects.requireNonNull(instance.function("add"));
            assertEquals(5, (int) add.handle().invokeExact(2, 3));
            assertNull(instance.function("absent"));
        }
    }

    @Test
    void refusesWrongArguments() {
        try (var instance = adder()) {
            assertThrows(IllegalArgumentException.class, () -> call(instance, "add", 1));
            assertThrows(IllegalArgumentException.class, () -> call(instance, "add", 1, 2L));
        }
    }

    @Test
    void returnsSeveralResults() {
        var wasm = new WasmAssembler();
        int pair = wasm.type("il", "lid");
        wasm.function("swap", pair, "", code().get(1).get(0).raw(0x44).raw(new int[8]));
        int swap = 0;
        wasm.function(
                "twice",
                pair,
                "",
                code().get(0).get(1).call(swap).raw(0x1a).set(0).set(1).get(0).get(1).call(swap));
        try (var instance = instantiate(wasm)) {
            assertArrayEquals(new Object[] {9L, 4, 0.0}, (Object[]) call(instance, "swap", 4, 9L));
            assertArrayEquals(new Object[] {9L, 4, 0.0}, (Object[]) call(instance, "twice", 4, 9L));
        }
    }

    static int addContext(Object context, int x) {
        return (Integer) context + x;
    }

    @Test
    void givesTheContextToHostFunctions() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int add = wasm.importFunction("host", "add", type);
        wasm.function("run", type, "", code().get(0).call(add).i32(1).add());
        var host = host(LOOKUP, EngineCalls.class, "addContext", 1, 1);
        var module = load(wasm);
        try (var one = instantiate(module, Map.of("host.add", host), 100);
                var two = instantiate(module, Map.of("host.add", host), 200)) {
            assertEquals(106, call(one, "run", 5));
            assertEquals(206, call(two, "run", 5));
        }
    }

    /// Throws what the context is.
    static void fail(@Nullable Object context) throws Throwable {
        throw (Throwable) java.util.Objects.requireNonNull(context);
    }

    @Test
    void passesHostExceptionsUnchanged() {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        int fail = wasm.importFunction("host", "fail", type);
        wasm.function("run", type, "", code().call(fail));
        var module = load(wasm);
        var host = host(LOOKUP, EngineCalls.class, "fail", 0, 0);
        for (var thrown :
                new Throwable[] {
                    new IllegalStateException("mine"),
                    new IOException("mine"),
                    new ArithmeticException("mine"),
                    new IndexOutOfBoundsException("mine"),
                    new NullPointerException("mine"),
                    new AssertionError("mine")
                })
            try (var instance = instantiate(module, Map.of("host.fail", host), thrown)) {
                assertSame(thrown, assertThrows(Throwable.class, () -> call(instance, "run")));
            }
    }

    private static final class Box {
        @Nullable Instance instance;
    }

    static int again(@Nullable Object context, int x) {
        if (x == 0) return 0;
        var box = (Box) java.util.Objects.requireNonNull(context);
        var instance = java.util.Objects.requireNonNull(box.instance);
        return (Integer) java.util.Objects.requireNonNull(call(instance, "run", x - 1)) + 1;
    }

    @Test
    void reentersTheGuest() {
        var wasm = new WasmAssembler();
        int type = wasm.type("i", "i");
        int again = wasm.importFunction("host", "again", type);
        wasm.function("run", type, "", code().get(0).call(again));
        var box = new Box();
        var host = host(LOOKUP, EngineCalls.class, "again", 1, 1);
        try (var instance = instantiate(load(wasm), Map.of("host.again", host), box)) {
            box.instance = instance;
            assertEquals(20, call(instance, "run", 20));
        }
    }

    @Test
    void callsThroughTables() {
        var wasm = new WasmAssembler();
        int binary = wasm.type("ii", "i");
        int pick = wasm.type("iii", "i");
        int host = wasm.importFunction("host", "f", binary);
        wasm.table(8, 8);
        int add = wasm.function(binary, "", code().get(0).get(1).add());
        int sub = wasm.function(binary, "", code().get(0).get(1).sub());
        wasm.function("pick", pick, "", code().get(1).get(2).get(0).op(0x11, binary, 0));
        wasm.elements(1, add, sub, host);
        var f =
                new HostFunction(
                        new FunctionType(
                                List.of(ValueType.I32, ValueType.I32), List.of(ValueType.I32)),
                        MethodHandles.dropArguments(
                                MethodHandles.constant(int.class, 77),
                                0,
                                Object.class,
                                int.class,
                                int.class));
        try (var instance = instantiate(load(wasm), Map.of("host.f", f), null)) {
            assertEquals(9, call(instance, "pick", 1, 7, 2));
            assertEquals(5, call(instance, "pick", 2, 7, 2));
            assertEquals(77, call(instance, "pick", 3, 7, 2));
            var function = java.util.Objects.requireNonNull(instance.functionAt(1));
            assertEquals(9, function.call(7, 2));
            assertNull(instance.functionAt(0));
        }
    }

    @Test
    void growsATableFromOutside() {
        var wasm = new WasmAssembler();
        int unary = wasm.type("i", "i");
        wasm.table(1, 4);
        int same = wasm.function(unary, "", code().get(0));
        wasm.function("pick", wasm.type("ii", "i"), "", code().get(1).get(0).op(0x11, unary, 0));
        wasm.function("size", wasm.type("", "i"), "", code().raw(0xfc, 16, 0));
        wasm.elements(0, same);
        wasm.export("table", WasmAssembler.TABLE, 0);
        try (var instance = instantiate(wasm)) {
            var table = (Table) java.util.Objects.requireNonNull(instance.export("table"));
            assertEquals(1, table.grow(2, table.get(0)));
            assertEquals(3, call(instance, "size"));
            assertEquals(7, call(instance, "pick", 2, 7));
            assertEquals(3, table.grow(1, null));
            assertTraps(Kind.NULL_REFERENCE, instance, "pick", 3, 7);
            assertEquals(-1, table.grow(1, null));
            assertEquals(-1, table.grow(-1, table.get(0)));
            assertEquals(4, table.grow(0, null));
            assertEquals(4, table.size());
        }
    }

    @Test
    void linksInstances() {
        var provider = new WasmAssembler();
        int type = provider.type("", "i");
        int counter = provider.global('i', true, code().i32(10));
        provider.export("counter", WasmAssembler.GLOBAL, counter);
        provider.function(
                "next",
                type,
                "",
                code().op(0x23, counter).i32(1).add().op(0x24, counter).op(0x23, counter));
        var user = new WasmAssembler();
        int userType = user.type("", "i");
        int next = user.importFunction("p", "next", userType);
        user.importGlobal("p", "counter", 'i', true);
        user.function("run", userType, "", code().call(next).op(0x23, 0).add());
        try (var p = instantiate(provider)) {
            var externs =
                    Map.of(
                            "p.next", java.util.Objects.requireNonNull(p.export("next")),
                            "p.counter", java.util.Objects.requireNonNull(p.export("counter")));
            try (var u = instantiate(load(user), externs, null)) {
                assertEquals(22, call(u, "run"));
                var global = (Global) java.util.Objects.requireNonNull(p.export("counter"));
                global.set(40);
                assertEquals(82, call(u, "run"));
                assertEquals(41, global.get());
            }
        }
    }

    static double mix(@Nullable Object context, long l, float f, double d, int i) {
        return l + f * 2 + d * 3 + i * 4;
    }

    @Test
    void passesNumbersOfAllTypes() throws ReflectiveOperationException {
        var wasm = new WasmAssembler();
        int type = wasm.type("lfdi", "d");
        int mix = wasm.importFunction("host", "mix", type);
        wasm.function("run", type, "", code().get(0).get(1).get(2).get(3).call(mix));
        wasm.function("same", wasm.type("lfd", "dfl"), "", code().get(2).get(1).get(0));
        var mixed =
                type(
                        List.of(ValueType.I64, ValueType.F32, ValueType.F64, ValueType.I32),
                        List.of(ValueType.F64));
        var handle = LOOKUP.findStatic(EngineCalls.class, "mix", HostFunction.handleType(mixed));
        var host = new HostFunction(mixed, handle);
        try (var instance = instantiate(load(wasm), Map.of("host.mix", host), null)) {
            assertEquals(-1.0 + 3 + 6 + 28, call(instance, "run", -1L, 1.5f, 2.0, 7));
            assertArrayEquals(
                    new Object[] {Math.PI, -0.5f, Long.MIN_VALUE},
                    (Object[]) call(instance, "same", Long.MIN_VALUE, -0.5f, Math.PI));
        }
    }

    static @Nullable Object same(@Nullable Object context, @Nullable Object reference) {
        return reference;
    }

    @Test
    void passesReferences() throws ReflectiveOperationException {
        var wasm = new WasmAssembler();
        int pass = wasm.type("x", "x");
        int same = wasm.importFunction("host", "same", pass);
        wasm.table(2, 2);
        int seven = wasm.function(wasm.type("", "i"), "", code().i32(7));
        wasm.elements(0, seven);
        wasm.function("pass", pass, "", code().get(0).call(same));
        wasm.function("first", wasm.type("", "r"), "", code().i32(0).op(0x25, 0));
        wasm.function(
                "run",
                wasm.type("r", "i"),
                "",
                code().i32(1).get(0).op(0x26, 0).i32(1).op(0x11, 1, 0));
        var type = type(List.of(ValueType.EXTERNREF), List.of(ValueType.EXTERNREF));
        var handle = LOOKUP.findStatic(EngineCalls.class, "same", HostFunction.handleType(type));
        var host = new HostFunction(type, handle);
        try (var instance = instantiate(load(wasm), Map.of("host.same", host), null)) {
            var object = new Object();
            assertSame(object, call(instance, "pass", object));
            assertNull(call(instance, "pass", new Object[] {null}));
            var first = (GuestFunction) call(instance, "first");
            assertNotNull(first);
            assertEquals(7, first.call());
            assertEquals(7, call(instance, "run", first));
        }
    }

    @Test
    void namesAllMissingImports() {
        var wasm = new WasmAssembler();
        int type = wasm.type("", "");
        wasm.importFunction("linux", "absent_one", type);
        wasm.importFunction("linux", "absent_two", type);
        var module = load(wasm);
        var e =
                assertThrows(
                        LinkException.class, () -> module.instantiate(imports(Map.of()), null));
        assertEquals(2, e.missing().size());
        var message = String.valueOf(e.getMessage());
        assertTrue(message.contains("linux.absent_one"), message);
        assertTrue(message.contains("linux.absent_two"), message);
    }

    @Test
    void refusesImportsOfAnotherType() {
        var wasm = new WasmAssembler();
        wasm.importFunction("host", "add", wasm.type("l", "i"));
        var module = load(wasm);
        var host = host(LOOKUP, EngineCalls.class, "addContext", 1, 1);
        assertThrows(
                LinkException.class,
                () -> module.instantiate(imports(Map.of("host.add", host)), null));
    }
}
