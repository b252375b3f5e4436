package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.engine.Fuel;
import podium.engine.FunctionType;
import podium.engine.GlobalType;
import podium.engine.GuestFunction;
import podium.engine.HostFunction;
import podium.engine.Instance;
import podium.engine.Memory;
import podium.engine.MemoryImage;
import podium.engine.Snapshot;
import podium.engine.TableType;
import podium.engine.TagType;
import podium.engine.Trap;
import podium.engine.v8.wasm.Rewriter;
import podium.engine.v8.wasm.WasmModule;

/// An instance.
final class V8Instance implements Instance {

    private final V8Module module;
    private final Code code;
    private final Isolate isolate;
    private final @Nullable Object context;

    private @Nullable V8Memory memory;
    private boolean ownsMemory;

    /// The number of the object with the exports; 0 before there is one.
    private int exportsNumber;

    /// What is given back when this closes.
    private final List<Integer> hosts = new ArrayList<>();

    private final List<Integer> things = new ArrayList<>();

    private final Map<String, Extern> exports = new HashMap<>();
    private @Nullable V8Table firstTable;
    private volatile boolean closed;

    /// The function to run first; [WasmModule#NO_START] when there is none, or it has run.
    private int start = WasmModule.NO_START;

    /// Guarded by the isolate's gate, as is the rest.
    boolean interrupted;

    /// Its deadline has passed.
    boolean expired;

    /// Number of the latest deadline.
    int deadlines;

    /// It is a user of the isolate.
    ///
    /// @param code what V8 gets of the module
    V8Instance(V8Module module, Code code, Isolate isolate, @Nullable Object context) {
        this.module = module;
        this.code = code;
        this.isolate = isolate;
        this.context = context;
        isolate.admit(this);
    }

    Code code() {
        return code;
    }

    Isolate isolate() {
        return isolate;
    }

    /// @param owned whether it was made for this instance
    void setMemory(V8Memory memory, boolean owned) {
        this.memory = memory;
        ownsMemory = owned;
    }

    /// It is not thawed, so its start function is still to run.
    void setFresh() {
        start = module.wasm().start();
    }

    void setExports(int number) {
        exportsNumber = number;
        things.add(number);
    }

    /// It counts fuel.
    void meter(@Nullable Fuel fuel) throws JavetException {
        new Meter(this, fuel).install(exportsNumber);
    }

    /// Takes what is left of its slice.
    int unusedFuel() throws JavetException {
        return closed ? 0 : isolate.integer("unusedFuel", exportsNumber);
    }

    /// Enters a function that the guest imports.
    int add(FunctionType type, java.lang.invoke.MethodHandle handle) {
        int number = isolate.things().add(new HostCall(this, type, handle, context));
        hosts.add(number);
        return number;
    }

    /// A function of the host's that the guest gets as a reference.
    int hostReference(HostFunction host) throws JavetException {
        int number =
                isolate.integer(
                        "hostFunction",
                        add(host.type(), host.handle()),
                        Letters.of(host.type().parameters()),
                        Letters.of(host.type().results()));
        return keep(number);
    }

    /// Something of the isolate's goes when this instance does.
    int keep(int number) {
        things.add(number);
        return number;
    }

    /// A function that Java sees for the first time.
    V8Function function(int number, FunctionType type) {
        var function = new V8Function(this, keep(number), type);
        isolate.things().add(function);
        return function;
    }

    void checkOpen() {
        if (closed) throw new IllegalStateException("the instance is closed");
    }

    @Override
    public V8Module module() {
        return module;
    }

    @Override
    public @Nullable Memory memory() {
        return memory;
    }

    @Override
    public void start() {
        if (start == WasmModule.NO_START) return;
        var function = (V8Function) extern(WasmModule.FUNCTION, start);
        start = WasmModule.NO_START;
        function.call();
    }

    // ---- exports

    @Override
    public @Nullable GuestFunction function(String name) {
        return export(name) instanceof GuestFunction function ? function : null;
    }

    @Override
    public @Nullable Extern export(String name) {
        var export = module.export(name);
        if (export == null) return null;
        if (export.kind() == WasmModule.MEMORY) return memory;
        return extern(export.kind(), export.index());
    }

    private Extern extern(int kind, int index) {
        return isolate.inside(() -> externInside(kind, index));
    }

    private Extern externInside(int kind, int index) throws JavetException {
        checkOpen();
        var name = Rewriter.exportName(kind, index);
        var known = exports.get(name);
        if (known != null) return known;
        int number = exported(name);
        var type = module.wasm().type(kind, index);
        var made =
                switch (type) {
                    case FunctionType function -> known(number, function);
                    case TableType table -> new V8Table(this, keep(number), table);
                    case GlobalType global -> new V8Global(this, keep(number), global);
                    case TagType tag -> new V8Tag(this, keep(number), tag);
                    default -> throw new IllegalArgumentException("an export of type " + type);
                };
        exports.put(name, made);
        return made;
    }

    private V8Function known(int number, FunctionType type) {
        var known = isolate.things().known(number);
        return known != null ? known : function(number, type);
    }

    private int exported(String name) throws JavetException {
        return isolate.integer("exported", exportsNumber, name);
    }

    @Override
    public @Nullable GuestFunction functionAt(int index) {
        if (module.wasm().tables.isEmpty())
            throw new Trap(Trap.Kind.TABLE_OUT_OF_BOUNDS, List.of(), null);
        if (firstTable == null) firstTable = (V8Table) extern(WasmModule.TABLE, 0);
        return (GuestFunction) firstTable.get(index);
    }

    @Override
    public void interrupt() {
        isolate.crossing().interrupt(this);
    }

    @Override
    public void setDeadline(@Nullable Duration time) {
        isolate.crossing().setDeadline(this, time);
    }

    // ---- freezing

    @Override
    public Snapshot freeze() {
        if (start != WasmModule.NO_START)
            throw new IllegalStateException("its start function is still to run");
        if (!isolate.isPrivate())
            throw new UnsupportedOperationException(
                    "an instance that is linked with others cannot be frozen");
        return Objects.requireNonNull(isolate.guest(this::freezeInside));
    }

    private Snapshot freezeInside() throws Throwable {
        checkOpen();
        var wasm = module.wasm();
        var tables = new ArrayList<int[]>();
        for (int i = wasm.importedTables(); i < wasm.tables.size(); i++)
            tables.add(((V8Table) externInside(WasmModule.TABLE, i)).functions());
        var droppedData = new boolean[wasm.dataSegments()];
        for (int i = 0; i < droppedData.length; i++)
            droppedData[i] = !wasm.isPassiveData(i) || isDropped(Rewriter.dataProbe(i));
        var droppedElements = new boolean[wasm.elementSegments()];
        for (int i = 0; i < droppedElements.length; i++)
            droppedElements[i] = !wasm.isPassiveElements(i) || isDropped(Rewriter.elementProbe(i));
        List<MemoryImage> memories =
                memory == null ? List.of() : List.of(MemoryImage.of(memory.segment()));
        return new Snapshot(
                module.sha256(), memories, frozenGlobals(), tables, droppedData, droppedElements);
    }

    private long[] frozenGlobals() throws JavetException {
        var wasm = module.wasm();
        int imported = wasm.importedGlobals();
        var numbers = new long[wasm.ownGlobalNumbers()];
        int next = 0;
        for (int i = imported; i < wasm.globals.size(); i++)
            next = ((V8Global) externInside(WasmModule.GLOBAL, i)).freeze(numbers, next);
        return numbers;
    }

    private boolean isDropped(String probe) throws Throwable {
        int number = exported(probe);
        if (number == 0) return false; // nothing could tell
        var function = known(number, new FunctionType(List.of(), List.of()));
        try {
            function.call();
            return false;
        } catch (Trap trap) {
            return switch (trap.kind()) {
                case MEMORY_OUT_OF_BOUNDS, TABLE_OUT_OF_BOUNDS, UNDEFINED_ELEMENT -> true;
                default -> throw trap;
            };
        }
    }

    // ---- the end

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        isolate.step(
                () -> {
                    for (int number : hosts) isolate.things().removeHost(number);
                    for (int number : things) isolate.things().removeFunction(number);
                    if (!things.isEmpty())
                        isolate.run(
                                "release",
                                things.stream()
                                        .distinct()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(" ")));
                    return null;
                });
        if (memory != null && ownsMemory) memory.close();
        isolate.release();
    }
}
