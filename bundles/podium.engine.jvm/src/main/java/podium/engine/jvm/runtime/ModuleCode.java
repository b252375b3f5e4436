package podium.engine.jvm.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import podium.engine.FunctionType;
import podium.engine.Trap;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.Types;
import podium.engine.jvm.wasm.WasmModule;

/// A module's compiled classes, shared by its instances.
public final class ModuleCode {

    static final String PACKAGE = "wasm.";

    private final WasmModule module;
    private final Layout layout;
    private final ClassLoader loader;
    private final MethodHandle newState;
    private final FunctionType[] functionTypes;
    private final FunctionType[] canonicalTypes;
    private final @Nullable MethodHandle[] enters;
    private final @Nullable MethodHandle[] links;
    private final GuestFrames frames;
    private final Specialisations.@Nullable Maker maker;

    /// @param maker of specialised code, or null
    /// @param starts where in the binary the body of a function begins that is specialised, or -1
    public ModuleCode(
            WasmModule module,
            Layout layout,
            ClassLoader loader,
            Specialisations.@Nullable Maker maker,
            IntUnaryOperator starts) {
        this.maker = maker;
        this.module = module;
        this.layout = layout;
        this.loader = loader;
        functionTypes = new FunctionType[module.types.size()];
        int distinct = 0;
        for (int i = 0; i < functionTypes.length; i++) {
            functionTypes[i] = Types.functionType(module.types.get(i));
            distinct = Math.max(distinct, layout.canonicalType(i) + 1);
        }
        canonicalTypes = new FunctionType[distinct];
        for (int i = 0; i < functionTypes.length; i++)
            canonicalTypes[layout.canonicalType(i)] = functionTypes[i];
        enters = new MethodHandle[distinct];
        links = new MethodHandle[distinct];
        newState = constructor();
        frames = new GuestFrames(module, layout, loader, starts);
    }

    private MethodHandle constructor() {
        try {
            return MethodHandles.publicLookup()
                    .findConstructor(
                            loader.loadClass(PACKAGE + "State"), MethodType.methodType(void.class))
                    .asType(MethodType.methodType(GuestState.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("compiled code without its State class", e);
        }
    }

    /// Makes specialised code, of a module that may ask for some.
    Specialisations.@Nullable Maker maker() {
        return maker;
    }

    public WasmModule module() {
        return module;
    }

    public Layout layout() {
        return layout;
    }

    public GuestState newState() {
        try {
            return (GuestState) newState.invokeExact();
        } catch (Throwable e) {
            throw Sneaky.unchecked(e);
        }
    }

    public FunctionType functionType(int function) {
        return functionTypes[module.functions.get(function)];
    }

    int canonicalType(int function) {
        return layout.canonicalType(module.functions.get(function));
    }

    FunctionType canonicalFunctionType(int canonicalType) {
        return canonicalTypes[canonicalType];
    }

    /// Whether a function has no more parameters than a method handle takes.
    boolean hasHandle(int function) {
        return !CallingConvention.of(module.signature(function)).usesFields();
    }

    /// `(State, int ordinal, parameters...) result`, for the host.
    MethodHandle enter(int function) {
        return entry(enters, "enter", function);
    }

    /// The same for other instances.
    MethodHandle link(int function) {
        return entry(links, "link", function);
    }

    private MethodHandle entry(@Nullable MethodHandle[] cache, String name, int function) {
        int type = layout.canonicalType(module.functions.get(function));
        synchronized (cache) {
            var known = cache[type];
            if (known == null) cache[type] = known = find(type, name, module.signature(function));
            return known;
        }
    }

    private MethodHandle find(int canonicalType, String name, Signature signature) {
        var type = Types.functionType(signature);
        var parameters = new ArrayList<Class<?>>();
        try {
            parameters.add(loader.loadClass(PACKAGE + "State"));
            parameters.add(int.class);
            for (var parameter : type.parameters()) parameters.add(parameter.javaType());
            return MethodHandles.publicLookup()
                    .findStatic(
                            loader.loadClass(layout.entryClass(canonicalType)),
                            name + canonicalType,
                            MethodType.methodType(type.resultJavaType(), parameters));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("compiled code without entry " + name, e);
        }
    }

    // ---- stack traces

    /// The guest's frames in the stack trace of something thrown, innermost first.
    List<Trap.Frame> frames(Throwable thrown) {
        return frames.in(thrown.getStackTrace());
    }
}
