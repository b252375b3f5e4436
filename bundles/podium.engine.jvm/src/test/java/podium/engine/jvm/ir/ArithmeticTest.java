package podium.engine.jvm.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import podium.engine.Instance;
import podium.engine.ModuleSource;
import podium.engine.jvm.JvmEngine;
import podium.engine.jvm.wasm.Opcodes;
import podium.testkit.WasmAssembler;
import podium.testkit.WasmAssembler.Code;

/// What is evaluated when code is specialised is what code itself gives.
class ArithmeticTest {

    private static final int[] VALUES = {
        0,
        1,
        -1,
        2,
        7,
        31,
        32,
        33,
        -32,
        127,
        128,
        255,
        256,
        32_767,
        32_768,
        65_535,
        -32_768,
        0x12345678,
        0x87654321,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MIN_VALUE + 1
    };

    private static boolean isUnary(int op) {
        return "II".equals(Opcodes.numericSignature(op));
    }

    private static boolean isBinary(int op) {
        return "III".equals(Opcodes.numericSignature(op)) && !Opcodes.mayTrap(op);
    }

    private static Instance instance() throws Exception {
        var wasm = new WasmAssembler();
        for (int op = Opcodes.FIRST_NUMERIC; op <= Opcodes.LAST_NUMERIC; op++) {
            var code = isUnary(op) ? new Code().get(0) : new Code().get(0).get(1);
            if (isUnary(op) || isBinary(op))
                wasm.function("f" + op, wasm.type("ii", "i"), "", code.raw(op));
        }
        var module = new JvmEngine().load(ModuleSource.of("arithmetic", wasm.assemble()));
        return module.instantiate(_ -> null, null);
    }

    @Test
    void isThatOfCode() throws Exception {
        try (var instance = instance()) {
            for (int op = Opcodes.FIRST_NUMERIC; op <= Opcodes.LAST_NUMERIC; op++)
                for (int x : VALUES) for (int y : VALUES) compare(instance, op, x, y);
        }
    }

    private static void compare(Instance instance, int op, int x, int y) {
        var function = instance.function("f" + op);
        if (function == null) {
            assertNull(Arithmetic.binary(op, x, y));
            assertNull(Arithmetic.unary(op, x));
            return;
        }
        var value = isUnary(op) ? Arithmetic.unary(op, x) : Arithmetic.binary(op, x, y);
        assertNotNull(value, () -> "instruction " + Integer.toHexString(op));
        assertEquals(function.call(x, y), value, () -> Integer.toHexString(op));
    }
}
