package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import podium.engine.Extern;
import podium.testkit.WasmAssembler.Code;

/// Functions with as many parameters and results as there may be, which no Java method has.
abstract class EngineSignatures extends EngineFixture {

    private static final int COUNT = 1_000;

    private static String types(int count) {
        var types = new StringBuilder();
        for (int i = 0; i < count; i++) types.append("ilfd".charAt(i % 4));
        return types.toString();
    }

    private static Object argument(int index, int value) {
        return switch (index % 4) {
            case 0 -> (Object) value;
            case 1 -> (long) value;
            case 2 -> (float) value;
            default -> (double) value;
        };
    }

    private static Object[] arguments(int count) {
        var arguments = new Object[count];
        for (int i = 0; i < count; i++) arguments[i] = argument(i, i);
        return arguments;
    }

    private static Code getAll(int count) {
        var code = code();
        for (int i = 0; i < count; i++) code.get(i);
        return code;
    }

    /// Adds a function that gives its parameters back.
    private static int echo(WasmAssembler wasm, int count) {
        int type = wasm.type(types(count), types(count));
        return wasm.function("echo" + count, type, "", getAll(count));
    }

    @Test
    void callFromTheHost() {
        for (int count : new int[] {1, 100, 166, 167, 168, 169, 400, COUNT}) {
            var wasm = new WasmAssembler();
            echo(wasm, count);
            try (var instance = instantiate(wasm)) {
                var result = call(instance, "echo" + count, arguments(count));
                if (count == 1) assertEquals(0, result);
                else assertArrayEquals(arguments(count), (Object[]) result);
            }
        }
    }

    /// Directly, by way of a table, and by itself; the last parameter is counted up.
    @Test
    void callFromTheGuest() {
        var wasm = new WasmAssembler();
        int echo = echo(wasm, COUNT);
        int type = 0;
        wasm.table(2, 2);
        wasm.elements(0, echo);
        int direct = wasm.function("direct", type, "", getAll(COUNT).call(echo));
        wasm.function("indirect", type, "", getAll(COUNT).i32(0).op(0x11, type, 0));
        var nested = getAll(COUNT - 1).get(0).raw(0xb7).call(direct);
        wasm.function("nested", type, "", nested.call(direct));
        try (var instance = instantiate(wasm)) {
            var arguments = arguments(COUNT);
            assertArrayEquals(arguments, (Object[]) call(instance, "direct", arguments));
            assertArrayEquals(arguments, (Object[]) call(instance, "indirect", arguments));
            arguments[0] = 77;
            var result = (Object[]) Objects.requireNonNull(call(instance, "nested", arguments));
            assertEquals(77.0, result[COUNT - 1]);
            assertEquals(77, result[0]);
        }
    }

    /// Arguments that call the same function, whose own arguments must not get in the way.
    @Test
    void nestCalls() {
        int count = 300;
        var wasm = new WasmAssembler();
        int type = wasm.type("l".repeat(count), "l");
        var sum = code().get(0);
        for (int i = 1; i < count; i++) sum.get(i).raw(0x7c);
        int add = wasm.function(type, "", sum);
        var body = code();
        for (int i = 0; i < count; i++)
            if (i % 50 == 7) body.append(getAll(count)).call(add);
            else body.get(i);
        wasm.function("f", type, "", body.call(add));
        var arguments = new Object[count];
        long total = 0;
        for (int i = 0; i < count; i++) {
            arguments[i] = (long) i;
            total += i;
        }
        long expected = total;
        for (int i = 7; i < count; i += 50) expected += total - i;
        try (var instance = instantiate(wasm)) {
            assertEquals(expected, call(instance, "f", arguments));
        }
    }

    /// A table of one instance with a function of another.
    @Test
    void crossInstances() {
        var provider = new WasmAssembler();
        echo(provider, COUNT);
        provider.table(1, 1);
        provider.elements(0, 0);
        provider.export("table", WasmAssembler.TABLE, 0);
        var user = new WasmAssembler();
        int type = user.type(types(COUNT), types(COUNT));
        user.importTable("p", "table", 1, 1);
        user.function("f", type, "", getAll(COUNT).i32(0).op(0x11, type, 0));
        try (var p = instantiate(provider)) {
            Map<String, Extern> externs =
                    Map.of("p.table", Objects.requireNonNull(p.export("table")));
            try (var u = instantiate(load(user), externs, null)) {
                assertArrayEquals(arguments(COUNT), (Object[]) call(u, "f", arguments(COUNT)));
            }
        }
    }
}
