package podium.engine.v8.wasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.ExternType;
import podium.engine.FunctionType;
import podium.engine.GlobalType;
import podium.engine.InterpreterFunction;
import podium.engine.MemoryType;
import podium.engine.TableType;
import podium.engine.TagType;
import podium.engine.ValueType;

/// What a module declares, and the bytes of its parts that are passed on as they are. Filled by
/// [ModuleReader], then immutable.
public final class WasmModule {

    public static final int FUNCTION = 0;
    public static final int TABLE = 1;
    public static final int MEMORY = 2;
    public static final int GLOBAL = 3;
    public static final int TAG = 4;

    /// Imports in their order; `descriptor` is the part after the names.
    public record Import(String module, String name, int kind, int index, byte[] descriptor) {}

    public record Export(String name, int kind, int index) {}

    /// A table of the module's own.
    ///
    /// @param element its reference type's byte
    /// @param init the expression its elements begin as, with `end`, or null
    record OwnTable(int element, byte @Nullable [] init) {}

    /// An element segment.
    ///
    /// @param flags as in the binary: the lowest bits 1 say passive, 3 declarative; bit 2 says that
    ///     the elements are expressions and not function indices
    /// @param whole the segment as it is
    /// @param type the reference type's byte
    /// @param list number and elements
    record Elements(int flags, byte[] whole, int type, int count, byte[] list) {

        boolean passive() {
            return (flags & 3) == 1;
        }

        boolean expressions() {
            return (flags & 4) != 0;
        }
    }

    /// A data segment.
    ///
    /// @param flags 0 and 2 are active, 1 is passive
    /// @param whole the segment as it is
    /// @param length of its content
    record Data(int flags, byte[] whole, int length) {

        boolean passive() {
            return flags == 1;
        }
    }

    /// In the place of a start function that there is none.
    public static final int NO_START = -1;

    public final List<FunctionType> types = new ArrayList<>();
    public final List<Import> imports = new ArrayList<>();
    public final List<Export> exports = new ArrayList<>();

    /// Type indices of all functions, imported ones first; so are the lists below.
    public final List<Integer> functions = new ArrayList<>();

    public final List<TableType> tables = new ArrayList<>();
    public final List<MemoryType> memories = new ArrayList<>();
    public final List<GlobalType> globals = new ArrayList<>();
    public final List<Integer> tags = new ArrayList<>();

    /// The index of the start function, or [#NO_START].
    int start = NO_START;

    /// The imported functions that the engine provides, by index.
    final Map<Integer, InterpreterFunction> interpreter = new HashMap<>();

    /// How many of each kind are imported, by kind.
    final int[] imported = new int[5];

    /// Where the code section's content is in the binary.
    int codeStart;

    /// What is added to function bodies, in order.
    List<Addition> additions = List.of();

    /// Whether it is to count fuel.
    boolean metered;

    final List<OwnTable> ownTables = new ArrayList<>();
    final List<byte[]> ownMemories = new ArrayList<>();
    final List<Elements> elements = new ArrayList<>();
    final List<Data> data = new ArrayList<>();

    /// Contents of the sections that are kept as they are, by section id.
    final Map<Integer, byte[]> sections = new HashMap<>();

    final Map<String, byte[]> customSections = new HashMap<>();

    private @Nullable Map<Integer, String> names;

    WasmModule() {}

    public int start() {
        return start;
    }

    public boolean metered() {
        return metered;
    }

    public int importedFunctions() {
        return imported[FUNCTION];
    }

    public int importedTables() {
        return imported[TABLE];
    }

    public int importedGlobals() {
        return imported[GLOBAL];
    }

    /// Of how many numbers a snapshot's globals are: a vector is two.
    public int ownGlobalNumbers() {
        return globals.stream()
                .skip(importedGlobals())
                .mapToInt(global -> global.value() == ValueType.V128 ? 2 : 1)
                .sum();
    }

    public boolean hasOwnMemory() {
        return !ownMemories.isEmpty();
    }

    public int dataSegments() {
        return data.size();
    }

    public int elementSegments() {
        return elements.size();
    }

    /// Whether a data segment is passive: others are dropped from the start.
    public boolean isPassiveData(int segment) {
        return data.get(segment).passive();
    }

    public boolean isPassiveElements(int segment) {
        return elements.get(segment).passive();
    }

    public FunctionType functionType(int function) {
        return types.get(functions.get(function));
    }

    public ExternType type(int kind, int index) {
        return switch (kind) {
            case FUNCTION -> functionType(index);
            case TABLE -> tables.get(index);
            case MEMORY -> memories.get(index);
            case GLOBAL -> globals.get(index);
            default -> new TagType(types.get(tags.get(index)));
        };
    }

    /// The content of the first custom section of a name, or null.
    public byte @Nullable [] customSection(String name) {
        return customSections.get(name);
    }

    public int codeStart() {
        return codeStart;
    }

    /// A function's name in the name section, or `func[N]`.
    public synchronized String functionName(int function) {
        if (names == null) names = ModuleReader.functionNames(customSections.get("name"));
        var name = names.get(function);
        return name == null ? "func[" + function + "]" : name;
    }
}
