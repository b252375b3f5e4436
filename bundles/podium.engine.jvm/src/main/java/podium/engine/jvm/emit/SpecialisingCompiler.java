package podium.engine.jvm.emit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Interpreter;
import podium.engine.jvm.ir.IrBuilder;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.ir.Program;
import podium.engine.jvm.ir.RegionSplitter.Manner;
import podium.engine.jvm.ir.Specialiser;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.WasmModule;

/// Compiles a module's interpreters for programs. For one thread at a time.
public final class SpecialisingCompiler {

    private final WasmModule module;
    private final Layout layout;
    private final @Nullable Profile profile;
    private final ModuleCompiler.Options options;

    /// Interpreters make no tail calls.
    private final CallTargets callTargets = new CallTargets();

    private final Demands demands;
    private final Map<Integer, Interpreter> interpreters = new HashMap<>();

    /// @param layout of the code of a module that has the bodies of its interpreters
    /// @param profile of a training run, or null
    /// @param methodSize see [ModuleCompiler.Options]
    /// @param positions of which functions stack traces are to tell where in the binary they are
    public SpecialisingCompiler(
            Layout layout, @Nullable Profile profile, int methodSize, IntPredicate positions) {
        module = layout.module();
        this.layout = layout;
        this.profile = profile;
        options = new ModuleCompiler.Options(methodSize, Manner.DEEP, null, null, false, positions);
        demands = new Demands(layout, callTargets);
    }

    /// The class that all code for an interpreter extends, by which it is called.
    ///
    /// @return a class of name [Layout#entranceName]
    public byte[] entrance(int function) {
        var interpreter = interpreter(function);
        return EntranceEmitter.entrance(layout, function, interpreter.signature());
    }

    /// @param function the interpreter's index
    /// @param entry address in the program at which it is entered
    /// @return a class of name [Layout#SPECIALISED]
    /// @throws TooComplex it becomes too large
    /// @throws CancellationException the thread was interrupted
    public byte[] compile(int function, Program program, int entry) {
        var interpreter = interpreter(function);
        return new CodeClass(
                        module,
                        layout,
                        demands,
                        options,
                        Layout.specialised(),
                        List.of(function),
                        _ -> Specialiser.specialise(interpreter, program, entry))
                .compile();
    }

    private Interpreter interpreter(int function) {
        return interpreters.computeIfAbsent(function, this::translated);
    }

    private Interpreter translated(int function) {
        var ir = IrBuilder.build(module, function, callTargets);
        if (profile != null) profile.apply(ir);
        var interpreter = Interpreter.of(ir);
        if (interpreter == null) throw new IllegalArgumentException("function " + function);
        return interpreter;
    }
}
