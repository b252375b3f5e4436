package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import podium.engine.Engine;
import podium.engine.Extern;
import podium.engine.FunctionType;
import podium.engine.HostFunction;
import podium.engine.Imports;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.Trap;
import podium.engine.ValueType;
import podium.testkit.WasmAssembler.Code;

/// What the suites of [EngineContract] share.
abstract class EngineFixture {

    protected abstract Engine engine();

    static Code code() {
        return new Code();
    }

    podium.engine.Module load(WasmAssembler assembler) {
        try {
            return engine().load(ModuleSource.of("test", assembler.assemble()));
        } catch (ModuleException e) {
            return Assertions.fail(e);
        }
    }

    Instance instantiate(WasmAssembler assembler) {
        return instantiate(load(assembler), Map.of(), null);
    }

    Instance instantiate(
            podium.engine.Module module, Map<String, Extern> externs, @Nullable Object context) {
        try {
            return module.instantiate(imports(externs), context);
        } catch (LinkException e) {
            return Assertions.fail(e);
        }
    }

    /// Answers imports by `module.name`.
    static Imports imports(Map<String, Extern> externs) {
        var known = new HashMap<>(externs);
        return wanted -> known.get(wanted.toString());
    }

    static @Nullable Object call(Instance instance, String function, Object... arguments) {
        var exported = instance.function(function);
        Assertions.assertNotNull(exported, "no function " + function);
        return exported.call(arguments);
    }

    /// The kind of a trap, or what an engine says that does not tell the two apart.
    Trap.Kind exactly(Trap.Kind kind, Trap.Kind otherwise) {
        return engine().features().contains(Engine.Feature.EXACT_TRAPS) ? kind : otherwise;
    }

    static Trap assertTraps(
            Trap.Kind kind, Instance instance, String function, Object... arguments) {
        var trap = assertThrows(Trap.class, () -> call(instance, function, arguments));
        Assertions.assertEquals(kind, trap.kind());
        return trap;
    }

    /// A host function of i32 parameters and results, implemented by a static method.
    static HostFunction host(
            MethodHandles.Lookup lookup, Class<?> owner, String name, int parameters, int results) {
        var i32 = ValueType.I32;
        var type =
                new FunctionType(
                        java.util.Collections.nCopies(parameters, i32),
                        java.util.Collections.nCopies(results, i32));
        try {
            MethodHandle handle = lookup.findStatic(owner, name, HostFunction.handleType(type));
            return new HostFunction(type, handle);
        } catch (ReflectiveOperationException e) {
            return Assertions.fail(e);
        }
    }

    static FunctionType type(List<ValueType> parameters, List<ValueType> results) {
        return new FunctionType(parameters, results);
    }
}
