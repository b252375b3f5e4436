package podium.engine.jvm.runtime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import podium.engine.Trap;
import podium.engine.debug.SourceLines;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.emit.Positions;
import podium.engine.jvm.wasm.WasmModule;

/// Finds a module's functions in Java stack traces.
final class GuestFrames {

    private static final int MAX_FRAMES = 100;

    private final WasmModule module;
    private final Layout layout;
    private final ClassLoader loader;
    private final IntUnaryOperator starts;

    /// Made when first asked for.
    private @Nullable Map<String, Integer> functionsByMethod;

    /// @param starts where in the binary the body of a function begins that is specialised, or -1
    GuestFrames(WasmModule module, Layout layout, ClassLoader loader, IntUnaryOperator starts) {
        this.starts = starts;
        this.module = module;
        this.layout = layout;
        this.loader = loader;
    }

    /// A function that runs, and where in its class.
    private record Activation(int function, String type, int line) {}

    /// The guest's frames in a stack trace, innermost first.
    List<Trap.Frame> in(StackTraceElement[] trace) {
        var activations = new ArrayList<Activation>();
        String previous = "";
        for (var element : trace) {
            if (!isOfModule(element) || element.getLineNumber() == Positions.AGAIN) continue;
            var method = Layout.withoutGroup(element.getMethodName());
            boolean group = !method.equals(element.getMethodName());
            // a group's frame lies on those of its function
            if (previous.equals(method)) {
                if (!group) previous = "";
                continue;
            }
            previous = group ? method : "";
            var function = functionByMethod(method);
            if (function == null) continue;
            activations.add(
                    new Activation(function, element.getClassName(), element.getLineNumber()));
            if (activations.size() == MAX_FRAMES) break;
        }
        return frames(activations);
    }

    /// Others may have called the module, or have been called by it.
    private boolean isOfModule(StackTraceElement element) {
        var type = element.getClassName();
        return (type.startsWith(ModuleCode.PACKAGE + "Code") || type.equals(Layout.SPECIALISED))
                && Objects.equals(element.getClassLoaderName(), loader.getName());
    }

    private List<Trap.Frame> frames(List<Activation> activations) {
        var offsets = offsets(activations);
        var lines = SourceLines.find(module::section, module.codeStart, offsets);
        var frames = new ArrayList<Trap.Frame>();
        for (int i = 0; i < offsets.length; i++) {
            int function = activations.get(i).function;
            var name = module.functionName(function);
            frames.add(new Trap.Frame(function, name, offsets[i], lines.get(i)));
        }
        return frames;
    }

    /// Where in the binary each is, or -1.
    private int[] offsets(List<Activation> activations) {
        var positions = new HashMap<String, int[]>();
        var bodies = new HashMap<Integer, Integer>();
        var offsets = new int[activations.size()];
        for (int i = 0; i < offsets.length; i++) {
            var activation = activations.get(i);
            if (activation.type.equals(Layout.SPECIALISED)) {
                int function = activation.function;
                int start = bodies.computeIfAbsent(function, starts::applyAsInt);
                offsets[i] = specialised(activation, start);
                continue;
            }
            var known = positions.computeIfAbsent(activation.type, this::positions);
            int line = activation.line;
            offsets[i] = line > 0 && line < known.length ? known[line] : -1;
        }
        return offsets;
    }

    /// @param start where the function's body begins, or -1
    private int specialised(Activation activation, int start) {
        var body = module.bodies.get(activation.function - module.importedFunctions);
        int place = Positions.place(activation.line, body.end() - body.start());
        return place < 0 || start < 0 ? -1 : start + place;
    }

    private int[] positions(String type) {
        try (var file = loader.getResourceAsStream(type.replace('.', '/') + ".class")) {
            if (file == null) throw new IllegalStateException("no class file of " + type);
            return Positions.of(file);
        } catch (IOException e) {
            throw new IllegalStateException("the class file of " + type, e);
        }
    }

    private synchronized @Nullable Integer functionByMethod(String method) {
        if (functionsByMethod == null) functionsByMethod = layout.functionsByMethod();
        return functionsByMethod.get(method);
    }
}
