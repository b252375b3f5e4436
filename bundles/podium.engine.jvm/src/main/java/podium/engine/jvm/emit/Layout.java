package podium.engine.jvm.emit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.CallingConvention;
import podium.engine.jvm.ir.FunctionIr;
import podium.engine.jvm.ir.Profile;
import podium.engine.jvm.wasm.ConstantExpression;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.WasmModule;

/// Which Java class and method each part of a module becomes. Names and ordinals follow from the
/// module alone, so that
/// code compiled earlier fits.
///
/// Every function is a static method `(State, parameters..., int stack) result`; `stack` is what is
/// left of the stack
/// budget. Functions that can be referred to have an *ordinal*; those of one type are adjacent, and
/// [DispatchEmitter]
/// calls by ordinal.
public final class Layout {

    /// What all names of classes begin with.
    public static final String PREFIX = "wasm.";

    public static final String SPECIALISED = PREFIX + "Specialised";

    /// Before the number of an interpreter.
    public static final String ENTRANCE = PREFIX + "Entrance";

    /// Functions are packed into a class until their bodies have this many bytes together. Those of
    /// a
    /// training run are wanted together, of others often only one.
    private static final int CLASS_BYTES = 6_000;

    private static final int EXECUTED_CLASS_BYTES = 24_000;

    /// What a function counts besides its body: its names fill the class's constant pool.
    private static final int PER_FUNCTION = 5;

    private static final int MAX_NAME = 120;

    /// Types that one class has entries for.
    static final int ENTERED = 2_000;

    /// Functions, roughly, that one class calls by ordinal.
    static final int DISPATCHED = 8_000;

    final WasmModule module;
    final ClassDesc state;
    private final @Nullable Profile profile;

    /// Made when first asked for, as the classes are: code that was compiled ahead runs without.
    private volatile String @Nullable [] methodNames;

    private volatile @Nullable Classes classes;
    private final List<Signature> signatures = new ArrayList<>();
    private final Map<Signature, Integer> canonical = new HashMap<>();
    private final int[] ordinals;
    private final int[] functionsByOrdinal;

    /// First ordinal of each canonical type; one more entry at the end.
    private final int[] firstOrdinal;

    /// @param profile by which functions are grouped, or null; only the compiler needs it
    public Layout(WasmModule module, @Nullable Profile profile) {
        this(module, profile, null);
    }

    /// The layout of code that was compiled before.
    ///
    /// @param classes of each function that has a body
    public static Layout known(WasmModule module, int[] classes) {
        return new Layout(module, null, classes);
    }

    private Layout(WasmModule module, @Nullable Profile profile, int @Nullable [] known) {
        if (known != null) classes = new Classes(known);
        this.module = module;
        state = ClassDesc.of(PREFIX + "State");
        this.profile = profile;
        for (var signature : module.types)
            canonical.computeIfAbsent(
                    signature,
                    s -> {
                        signatures.add(s);
                        return signatures.size() - 1;
                    });
        ordinals = new int[module.functions.size()];
        firstOrdinal = new int[signatures.size() + 1];
        functionsByOrdinal = assignOrdinals();
    }

    public WasmModule module() {
        return module;
    }

    // ---- classes and methods

    private String[] methodNames() {
        var known = methodNames;
        return known != null ? known : (methodNames = nameMethods());
    }

    private String[] nameMethods() {
        var names = new String[module.functions.size()];
        var used = new HashSet<String>();
        for (int i = 0; i < names.length; i++) {
            var name = sanitise(plainName(i));
            names[i] = used.add(name) ? name : name + "#" + i;
        }
        return names;
    }

    private String plainName(int function) {
        if (function < module.importedFunctions)
            for (var wanted : module.imports)
                if (wanted.kind() == WasmModule.FUNCTION && wanted.index() == function)
                    return wanted.module() + ":" + wanted.name();
        var name = module.names().get(function);
        return name != null && !name.isEmpty() ? name : "func[" + function + "]";
    }

    private static String sanitise(String name) {
        var clean = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), MAX_NAME); i++) {
            char c = name.charAt(i);
            clean.append(".;[/<>~#".indexOf(c) >= 0 || Character.isSurrogate(c) ? '_' : c);
        }
        return clean.toString();
    }

    /// The class of each function that has a body, and the number of classes. Functions the
    /// training run executed come first, so that the others' classes need not be loaded.
    private final class Classes {

        final int[] of;
        int count;

        Classes(int[] known) {
            of = known;
            for (int number : known) count = Math.max(count, number + 1);
        }

        Classes() {
            of = new int[module.bodies.size()];
            pack(this::executed, EXECUTED_CLASS_BYTES);
            pack(i -> !executed(i), CLASS_BYTES);
        }

        private boolean executed(int body) {
            return profile != null && profile.entries(module.importedFunctions + body) > 0;
        }

        private void pack(IntPredicate wanted, int limit) {
            int bytes = 0;
            boolean open = false;
            for (int i = 0; i < of.length; i++) {
                if (!wanted.test(i)) continue;
                var body = module.bodies.get(i);
                int size = body.end() - body.start() + PER_FUNCTION;
                if (open && bytes + size > limit) {
                    count++;
                    bytes = 0;
                }
                of[i] = count;
                bytes += size;
                open = true;
            }
            if (open) count++;
        }
    }

    private Classes assigned() {
        var known = classes;
        return known != null ? known : (classes = new Classes());
    }

    /// Number of classes that hold functions.
    int classes() {
        return assigned().count;
    }

    /// The number of the class of each function that has a body.
    public int[] assignedClasses() {
        return assigned().of.clone();
    }

    int classOf(int function) {
        return assigned().of[function - module.importedFunctions];
    }

    ClassDesc codeClass(int number) {
        return ClassDesc.of(PREFIX + "Code" + number);
    }

    /// The class of the methods of a function.
    ClassDesc home(FunctionIr function) {
        return function.specialised ? specialised() : codeClass(classOf(function.function));
    }

    /// The class of specialised code; each has a class loader of its own.
    static ClassDesc specialised() {
        return ClassDesc.of(SPECIALISED);
    }

    static ClassDesc entrance(int function) {
        return ClassDesc.of(entranceName(function));
    }

    /// The name of the class that all specialised code of an interpreter extends. It is no part of
    /// the module's code, but made when the first such code is.
    public static String entranceName(int function) {
        return ENTRANCE + function;
    }

    ClassDesc importStubs() {
        return ClassDesc.of(PREFIX + "Imports");
    }

    ClassDesc dispatchers() {
        return ClassDesc.of(PREFIX + "Calls");
    }

    /// The class of the loops that tail calls go through.
    ClassDesc tails() {
        return ClassDesc.of(PREFIX + "Tails");
    }

    /// The class that calls some of the functions of one type, by their ordinals.
    ClassDesc dispatcherPart(int ordinal) {
        return ClassDesc.of(PREFIX + "Calls" + ordinal / DISPATCHED);
    }

    /// The class through which functions of a canonical type are entered.
    ClassDesc entries(int canonicalType) {
        return ClassDesc.of(entryClass(canonicalType));
    }

    public String entryClass(int canonicalType) {
        int part = canonicalType / ENTERED;
        return PREFIX + "Entry" + (part == 0 ? "" : part);
    }

    ClassDesc owner(int function) {
        return function < module.importedFunctions ? importStubs() : codeClass(classOf(function));
    }

    String methodName(int function) {
        return methodNames()[function];
    }

    /// The function a method belongs to, for stack traces; methods of groups bear a suffix.
    public Map<String, Integer> functionsByMethod() {
        var map = new HashMap<String, Integer>();
        var names = methodNames();
        for (int i = 0; i < names.length; i++) map.put(names[i], i);
        return map;
    }

    /// The method name without the suffix of a group.
    public static String withoutGroup(String method) {
        int end = method.indexOf('~');
        return end < 0 ? method : method.substring(0, end);
    }

    MethodTypeDesc descriptor(Signature signature, char... more) {
        var parameters = new ArrayList<ClassDesc>();
        parameters.add(state);
        var types = CallingConvention.of(signature).inMethod();
        for (int i = 0; i < types.length(); i++) parameters.add(Symbols.type(types.charAt(i)));
        for (char type : more) parameters.add(Symbols.type(type));
        parameters.add(CD_int);
        return MethodTypeDesc.of(result(signature), parameters);
    }

    static ClassDesc result(Signature signature) {
        return Symbols.type(resultType(signature));
    }

    /// Several results, and the halves of a vector, are left in fields of the instance.
    static char resultType(Signature signature) {
        var results = signature.results();
        return results.length() != 1 || results.equals("W") ? 'V' : results.charAt(0);
    }

    // ---- types and ordinals

    /// The number of a type among the distinct ones.
    public int canonicalType(int type) {
        return Objects.requireNonNull(canonical.get(module.types.get(type)));
    }

    List<Signature> signatures() {
        return signatures;
    }

    private int[] assignOrdinals() {
        var referred = new TreeSet<Integer>();
        for (var export : module.exports)
            if (export.kind() == WasmModule.FUNCTION) referred.add(export.index());
        if (module.start >= 0) referred.add(module.start);
        for (var global : module.globals) refer(global.init(), referred);
        for (var init : module.tableInits) refer(init, referred);
        for (var segment : module.elements) segment.elements().forEachFunction(referred::add);
        var byType = new ArrayList<List<Integer>>();
        for (var _ : signatures) byType.add(new ArrayList<>());
        for (int function : referred)
            byType.get(canonicalType(module.functions.get(function))).add(function);
        java.util.Arrays.fill(ordinals, -1);
        var functions = new int[referred.size()];
        int next = 0;
        for (int type = 0; type < byType.size(); type++) {
            firstOrdinal[type] = next;
            for (int function : byType.get(type)) {
                functions[next] = function;
                ordinals[function] = next++;
            }
        }
        firstOrdinal[byType.size()] = next;
        return functions;
    }

    private static void refer(@Nullable ConstantExpression expression, TreeSet<Integer> referred) {
        if (expression != null && expression.kind() == ConstantExpression.Kind.FUNCTION)
            referred.add((int) expression.value());
    }

    /// A function's ordinal, or -1 if nothing can refer to it.
    public int ordinal(int function) {
        return ordinals[function];
    }

    public int functionByOrdinal(int ordinal) {
        return functionsByOrdinal[ordinal];
    }

    int firstOrdinal(int canonicalType) {
        return firstOrdinal[canonicalType];
    }

    int endOrdinal(int canonicalType) {
        return firstOrdinal[canonicalType + 1];
    }

    // ---- members of the State class

    static String globalField(int global) {
        return "g" + global;
    }

    /// The field of the high half of a vector.
    static String highGlobalField(int global) {
        return "g" + global + "h";
    }

    static String importField(int function) {
        return "h" + function;
    }

    /// A field through which the methods of a function hand over a variable.
    static String spillField(char kind, int number) {
        return "x" + kind + number;
    }

    boolean importsMutable(int global) {
        return global < module.importedGlobals && module.globals.get(global).mutable();
    }
}
