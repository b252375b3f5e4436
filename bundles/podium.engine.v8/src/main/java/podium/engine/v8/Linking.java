package podium.engine.v8;

import com.caoccao.javet.exceptions.JavetException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import podium.engine.Extern;
import podium.engine.Fuel;
import podium.engine.Function;
import podium.engine.FunctionType;
import podium.engine.Global;
import podium.engine.GlobalType;
import podium.engine.GuestFunction;
import podium.engine.HostFunction;
import podium.engine.ImportType;
import podium.engine.Imports;
import podium.engine.InterpreterFunction;
import podium.engine.LinkException;
import podium.engine.MemoryImage;
import podium.engine.MemoryType;
import podium.engine.OutOfMemoryException;
import podium.engine.Snapshot;
import podium.engine.TableType;
import podium.engine.TagType;
import podium.engine.v8.wasm.InterpreterCall;

/// Makes one instance: finds what it imports, and the isolate that it has to be in.
final class Linking {

    private final V8Module module;
    private final Imports imports;
    private final @Nullable Fuel fuel;
    private final List<@Nullable Extern> given = new ArrayList<>();

    /// Where what is given lives; null if nothing of it lives in one.
    private final @Nullable Isolate home;

    Linking(V8Module module, Imports imports) throws LinkException {
        this.module = module;
        this.imports = imports;
        fuel = imports.fuel();
        if (fuel != null && !module.wasm().metered())
            throw new IllegalArgumentException(module.name() + " does not count fuel");
        for (var wanted : module.allImports()) given.add(resolve(wanted));
        home = home();
        var missing = new ArrayList<ImportType>();
        var problems = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            var wanted = module.allImports().get(i);
            var problem = problem(wanted, given.get(i));
            if (problem == null) continue;
            problems.add(wanted + " " + problem);
            missing.add(wanted);
        }
        if (!missing.isEmpty())
            throw new LinkException(
                    module.name()
                            + ": "
                            + problems.stream().limit(20).collect(Collectors.joining(", ")),
                    missing);
    }

    // ---- what is given

    private @Nullable Extern resolve(ImportType wanted) {
        var own = InterpreterFunction.of(wanted.module(), wanted.name(), wanted.type());
        return own == null ? imports.resolve(wanted) : InterpreterCall.host(own);
    }

    /// That of the memory, else of what cannot leave its own either; functions can be called from
    /// other isolates.
    private @Nullable Isolate home() {
        Isolate ofState = null;
        Isolate ofFunction = null;
        for (var extern : given) {
            var isolate = isolate(extern);
            if (extern instanceof V8Memory) return isolate;
            if (extern instanceof V8Function)
                ofFunction = ofFunction == null ? isolate : ofFunction;
            else ofState = ofState == null ? isolate : ofState;
        }
        return ofState != null ? ofState : ofFunction;
    }

    private static @Nullable Isolate isolate(@Nullable Extern extern) {
        return switch (extern) {
            case V8Memory memory -> memory.isolate();
            case V8Function function -> function.instance().isolate();
            case V8Table table -> table.instance().isolate();
            case V8Global global -> global.instance().isolate();
            case V8Tag tag -> tag.instance().isolate();
            case null, default -> null;
        };
    }

    /// @return what is wrong with an import, or null
    private @Nullable String problem(ImportType wanted, @Nullable Extern extern) {
        return switch (wanted.type()) {
            case FunctionType type -> functionProblem(type, extern);
            case MemoryType type -> memoryProblem(type, extern);
            case TableType type -> tableProblem(type, extern);
            case GlobalType type -> globalProblem(type, extern);
            case TagType type ->
                    extern instanceof V8Tag tag
                            ? tag.type().equals(type) ? placeProblem(extern) : "is another tag"
                            : absent(extern);
        };
    }

    private static String absent(@Nullable Extern extern) {
        return extern == null ? "is not provided" : "is of another kind, or not of this engine";
    }

    private @Nullable String placeProblem(@Nullable Extern extern) {
        return isolate(extern) == home ? null : "is in another isolate than others";
    }

    private static @Nullable String functionProblem(FunctionType type, @Nullable Extern extern) {
        if (!(extern instanceof Function function)) return absent(extern);
        if (!function.type().equals(type)) return "has type " + function.type() + ", not " + type;
        return Letters.passable(type) || function instanceof V8Function
                ? null
                : "has a type that cannot pass between host and guest";
    }

    private @Nullable String memoryProblem(MemoryType type, @Nullable Extern extern) {
        if (extern == null) return null;
        if (!(extern instanceof V8Memory memory)) return absent(extern);
        if (memory.type().shared() != type.shared()
                || memory.pages() < type.minimum()
                || memory.type().maximum() > type.maximum())
            return "is a memory of incompatible limits: " + memory.type() + ", not " + type;
        return placeProblem(extern);
    }

    private @Nullable String tableProblem(TableType type, @Nullable Extern extern) {
        if (!(extern instanceof V8Table table)) return absent(extern);
        if (table.type().element() != type.element()
                || table.size() < type.minimum()
                || type.maximum() >= 0
                        && (table.type().maximum() < 0 || table.type().maximum() > type.maximum()))
            return "is a table of incompatible type: " + table.type() + ", not " + type;
        return placeProblem(extern);
    }

    private @Nullable String globalProblem(GlobalType type, @Nullable Extern extern) {
        if (!(extern instanceof Global global)) return absent(extern);
        if (!global.type().equals(type))
            return "is a global of type " + global.type() + ", not " + type;
        // The value of a constant can be taken along.
        if (global instanceof V8Global && isolate(extern) == home) return null;
        if (type.mutable()) return "is a global of another isolate or engine";
        return Letters.passable(type.value()) ? null : "has a value that cannot be passed";
    }

    // ---- instances

    V8Instance instantiate(V8Engine engine, Code code, @Nullable Object context)
            throws LinkException {
        var declared = module.memoryType();
        int pages = declared == null ? 0 : declared.minimum();
        var instance = make(engine, code, pages, context);
        instance.setFresh();
        return instance;
    }

    V8Instance thaw(V8Engine engine, Code code, Snapshot snapshot, @Nullable Object context)
            throws LinkException {
        if (snapshot.memories().isEmpty()) return make(engine, code, 0, context);
        var image = snapshot.memories().getFirst();
        check(image);
        var instance = make(engine, code, image.pages(), context);
        var memory = instance.memory();
        if (memory == null) return instance;
        if (memory.pages() < image.pages() && memory.grow(image.pages() - memory.pages()) < 0) {
            instance.close();
            throw new OutOfMemoryException(
                    module.name() + ": no room for the snapshot's " + image.pages() + " pages");
        }
        image.copyTo(memory.segment());
        return instance;
    }

    private static void check(MemoryImage image) {
        var index = image.index();
        long end = index.length == 0 ? 0 : (index[index.length - 1] + 1L) * MemoryImage.BLOCK;
        if (image.pages() < 0
                || end > (long) image.pages() * MemoryType.PAGE
                || image.blocks().length != (long) index.length * MemoryImage.BLOCK)
            throw new IllegalArgumentException("its memory is not what it says");
    }

    /// @param pages size of a memory of its own
    private V8Instance make(V8Engine engine, Code code, int pages, @Nullable Object context)
            throws LinkException {
        var isolate = home;
        if (isolate == null) isolate = engine.newIsolate();
        else isolate.retain();
        V8Instance instance = null;
        boolean done = false;
        try {
            instance = new V8Instance(module, code, isolate, context);
            memory(instance, pages);
            instantiate(instance, code);
            done = true;
            return instance;
        } finally {
            if (!done && instance != null) instance.close();
            isolate.release();
        }
    }

    private void memory(V8Instance instance, int pages) {
        var declared = module.memoryType();
        if (declared == null) return;
        for (var extern : given)
            if (extern instanceof V8Memory memory) {
                instance.setMemory(memory, false);
                return;
            }
        int limit = imports.memoryLimit();
        if (pages > limit)
            throw new OutOfMemoryException(
                    module.name()
                            + ": needs a memory of "
                            + pages
                            + " pages where "
                            + limit
                            + " are allowed");
        var type =
                new MemoryType(
                        declared.minimum(), Math.min(declared.maximum(), limit), declared.shared());
        instance.setMemory(new V8Memory(instance.isolate(), type, pages), true);
    }

    private void instantiate(V8Instance instance, Code code) throws LinkException {
        var failure = instance.isolate().guest(() -> inside(instance, code));
        if (failure == null) return;
        var message = module.name() + ": " + Failures.message(failure);
        if (Failures.name(failure).equals("RangeError")) throw new OutOfMemoryException(message);
        throw new LinkException(message, List.of());
    }

    /// @return why there is no instance, if the guest's code is not the reason
    private @Nullable String inside(V8Instance instance, Code code) throws Throwable {
        var isolate = instance.isolate();
        int compiled;
        try (var bytes = isolate.bytes(code.bytes())) {
            var number = isolate.numberOrProblem("compile", bytes);
            if (!(number instanceof Integer n)) throw new IllegalArgumentException("" + number);
            compiled = n;
        }
        var failure = isolate.crossing().instantiate(instance, compiled, imports(instance));
        isolate.run("release", "" + compiled);
        if (failure == null) {
            instance.setExports(isolate.box().getInt(1));
            if (module.wasm().metered()) instance.meter(fuel);
            return null;
        }
        if (Failures.isOfLinking(failure)) return failure;
        isolate.crossing().check(failure);
        return null;
    }

    // ---- for the bridge

    private String imports(V8Instance instance) throws JavetException {
        var words = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) words.add(word(instance, i, given.get(i)));
        if (module.hasOwnMemory()) words.add(thing(ownMemory(instance)));
        return String.join(" ", words);
    }

    private static int ownMemory(V8Instance instance) {
        return ((V8Memory) Objects.requireNonNull(instance.memory())).number();
    }

    private static String thing(int number) {
        return "t:" + number;
    }

    private String word(V8Instance instance, int place, @Nullable Extern extern)
            throws JavetException {
        boolean here = isolate(extern) == instance.isolate();
        return switch (extern) {
            case null -> thing(ownMemory(instance));
            case V8Memory memory -> thing(memory.number());
            case V8Table table -> thing(table.number());
            case V8Tag tag -> thing(tag.number());
            case V8Global global when here -> thing(global.number());
            case Global global -> thing(constant(instance, global));
            case V8Function function when here -> thing(function.number());
            case Function function -> host(instance, function, place);
            default ->
                    throw new IllegalArgumentException(
                            "the import " + module.allImports().get(place));
        };
    }

    private static int constant(V8Instance instance, Global global) throws JavetException {
        var type = global.type().value();
        var isolate = instance.isolate();
        isolate.box().put(type, 1, global.get());
        return instance.keep(
                isolate.integer("constant", Letters.nameOf(type), "" + Letters.of(type)));
    }

    private String host(V8Instance instance, Function function, int place) {
        var type = function.type();
        MethodHandle handle =
                switch (function) {
                    case HostFunction host -> host.handle();
                    case GuestFunction guest ->
                            MethodHandles.dropArguments(guest.handle(), 0, Object.class);
                };
        return "h:"
                + instance.add(type, handle)
                + ":"
                + Letters.of(type.parameters())
                + ":"
                + Letters.of(type.results())
                + ":"
                + module.wasm().imports.get(place).index();
    }
}
