package podium.syscall.webassembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import podium.engine.FunctionType;
import podium.engine.ValueType;
import podium.syscall.ErrnoException;
import podium.syscall.SyscallFamily;
import podium.testkit.FamilyContract;

class WebAssemblySyscallsTest extends FamilyContract {

    @Override
    protected SyscallFamily family() {
        return new WebAssemblySyscalls();
    }

    @Override
    protected Set<String> names() {
        return Set.of(
                "module_new",
                "module_describe",
                "instance_new",
                "instance_start",
                "instance_export",
                "function_new",
                "function_type",
                "function_call",
                "memory_new",
                "memory_range",
                "memory_grow",
                "table_new",
                "table_size",
                "table_grow",
                "table_get",
                "table_set",
                "global_new",
                "global_get",
                "global_set",
                "release");
    }

    @Test
    void typesAreLetters() {
        for (var type : ValueType.values())
            assertEquals(type, Letters.value(Letters.of(type)), type.name());
        var type =
                new FunctionType(
                        List.of(ValueType.I32, ValueType.EXTERNREF), List.of(ValueType.F64));
        assertEquals("ix:d", Letters.of(type));
        assertEquals(type, Letters.function("ix:d"));
        for (var wrong : new String[] {"", "i", "?:", "i:?", "i:i:i"})
            assertThrows(ErrnoException.class, () -> Letters.function(wrong), wrong);
    }
}
