package podium.engine.jvm.wasm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.GlobalType;
import podium.engine.InterpreterFunction;
import podium.engine.MemoryType;
import podium.engine.TableType;

/// The sections of a module, decoded. Function bodies stay bytes.
public final class WasmModule {

    public static final int FUNCTION = 0;
    public static final int TABLE = 1;
    public static final int MEMORY = 2;
    public static final int GLOBAL = 3;
    public static final int TAG = 4;

    /// @param index in the index space of its kind
    public record Import(String module, String name, int kind, int index) {}

    public record Export(String name, int kind, int index) {}

    /// @param init null for an imported one
    public record Global(char type, boolean mutable, @Nullable ConstantExpression init) {
        public GlobalType globalType() {
            return new GlobalType(Types.valueType(type), mutable);
        }
    }

    /// @param start of the body: the declarations of its locals
    /// @param end after its last byte
    public record Body(int start, int end) {}

    /// @param mode 0 active, 1 passive, 2 declarative
    /// @param offset null for a segment that is not active
    public record ElementSegment(
            int mode,
            int table,
            @Nullable ConstantExpression offset,
            char type,
            Elements elements,
            int position) {}

    /// @param offset null for a passive segment
    public record DataSegment(
            @Nullable ConstantExpression offset, int memory, int start, int length, int position) {}

    /// @param start of the content
    /// @param end after its last byte
    record CustomSection(int start, int end) {}

    /// Largest memory for which a sign-extended address serves as index.
    private static final int NARROW_PAGES = 32_768;

    public final byte[] bytes;
    public final List<Signature> types = new ArrayList<>();
    public final List<Import> imports = new ArrayList<>();

    /// Type index of every function, imported ones first; likewise the other index spaces.
    public final List<Integer> functions = new ArrayList<>();

    public final List<TableType> tables = new ArrayList<>();
    /// What each of the module's own tables is filled with, or null for null references.
    public final List<@Nullable ConstantExpression> tableInits = new ArrayList<>();

    public final List<MemoryType> memories = new ArrayList<>();
    public final List<Global> globals = new ArrayList<>();
    public final List<Integer> tags = new ArrayList<>();
    public final List<Export> exports = new ArrayList<>();
    public final List<ElementSegment> elements = new ArrayList<>();
    public final List<DataSegment> data = new ArrayList<>();
    public final List<Body> bodies = new ArrayList<>();
    final Map<String, CustomSection> customSections = new HashMap<>();
    private volatile @Nullable Map<Integer, String> names;

    /// Of imported functions.
    private volatile @Nullable List<@Nullable InterpreterFunction> interpreterFunctions;

    /// Where the content of the code section begins; DWARF counts from there.
    public int codeStart;

    public int start = -1;
    public int dataCount = -1;
    public int importedFunctions;
    public int importedTables;
    public int importedMemories;
    public int importedGlobals;
    public int importedTags;

    WasmModule(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Where in the binary the body of a function begins.
    public int bodyStart(int function) {
        return bodies.get(function - importedFunctions).start();
    }

    public Signature signature(int function) {
        return types.get(functions.get(function));
    }

    public Signature tagSignature(int tag) {
        return types.get(tags.get(tag));
    }

    /// Which of the functions for interpreters an imported one is, or null.
    public @Nullable InterpreterFunction interpreterFunction(int function) {
        return function < importedFunctions ? interpreterFunctions().get(function) : null;
    }

    /// The same for any import.
    public @Nullable InterpreterFunction interpreterFunction(Import wanted) {
        return wanted.kind() == FUNCTION ? interpreterFunction(wanted.index()) : null;
    }

    /// The index of the function by which an interpreter enters specialised code, or -1 if there
    /// can be none.
    public int enterFunction() {
        return interpreterFunctions().indexOf(InterpreterFunction.ENTER);
    }

    /// Of a valid module; looked at when first asked for.
    private List<@Nullable InterpreterFunction> interpreterFunctions() {
        var known = interpreterFunctions;
        if (known != null) return known;
        known = new ArrayList<>();
        for (var wanted : imports) {
            if (wanted.kind() != FUNCTION) continue;
            var type = Types.functionType(signature(wanted.index()));
            known.add(InterpreterFunction.of(wanted.module(), wanted.name(), type));
        }
        return interpreterFunctions = known;
    }

    public boolean hasMemory() {
        return !memories.isEmpty();
    }

    public Body body(int function) {
        return bodies.get(function - importedFunctions);
    }

    /// The content of the first custom section of a name, or null.
    public @Nullable ByteBuffer section(String name) {
        var section = customSections.get(name);
        return section == null
                ? null
                : ByteBuffer.wrap(bytes, section.start, section.end - section.start);
    }

    /// A copy of the same.
    public byte @Nullable [] customSection(String name) {
        var section = customSections.get(name);
        return section == null ? null : Arrays.copyOfRange(bytes, section.start, section.end);
    }

    /// Functions' names for people, as far as the module has them. Read when first asked for: a
    /// program that runs well needs none.
    public Map<Integer, String> names() {
        var known = names;
        if (known == null) {
            known = new HashMap<>();
            var section = customSection("name");
            if (section != null) NameSection.read(section, known);
            names = known;
        }
        return known;
    }

    /// The function's name for people.
    public String functionName(int function) {
        var name = names().get(function);
        return name != null ? name : "func[" + function + "]";
    }

    /// Whether all addresses of a memory are positive as `int`.
    public static boolean isNarrow(MemoryType memory) {
        return memory.maximum() <= NARROW_PAGES;
    }
}
