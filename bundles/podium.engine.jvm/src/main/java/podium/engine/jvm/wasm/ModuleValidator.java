package podium.engine.jvm.wasm;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.ConstantExpression.Kind;

/// Validates everything but the bodies (core specification, section 3.4), so that later phases need
/// no checks.
public final class ModuleValidator {

    private final WasmModule module;
    private final Set<Integer> declared = new HashSet<>();

    private ModuleValidator(WasmModule module) {
        this.module = module;
    }

    /// Validates a module without its bodies.
    ///
    /// @return the functions that `ref.func` may name
    /// @throws MalformedModule it is invalid
    public static Set<Integer> validate(WasmModule module) {
        var validator = new ModuleValidator(module);
        validator.run();
        return validator.declared;
    }

    private void run() {
        for (int type : module.functions) requireType(type);
        for (int i = 0; i < module.importedFunctions; i++) requireHandle(module.signature(i));
        for (int type : module.tags) {
            requireType(type);
            if (!module.types.get(type).results().isEmpty())
                throw invalid("non-empty tag result type", 0);
        }
        for (int i = 0; i < module.tableInits.size(); i++)
            constant(module.tableInits.get(i), elementType(module.importedTables + i));
        for (var global : module.globals) constant(global.init(), global.type());
        exports();
        elements();
        data();
        start();
    }

    /// What a method handle takes, less the engine's own.
    private static final int MAX_IMPORT_WORDS = 250;

    private static void requireHandle(Signature imported) {
        int words = 0;
        for (char c : imported.parameters().toCharArray()) words += Types.slots(c);
        if (words > MAX_IMPORT_WORDS)
            throw invalid("unsupported: an imported function of " + words + " parameter words", 0);
    }

    private void requireType(int type) {
        if (type >= module.types.size()) throw invalid("unknown type " + type, 0);
    }

    /// @param expression null if there is none
    private void constant(@Nullable ConstantExpression expression, char type) {
        if (expression == null) return;
        if (expression.type() != type) throw invalid("type mismatch", expression.position());
        if (expression.kind() == Kind.FUNCTION)
            declare((int) expression.value(), expression.position());
    }

    private void declare(int function, int position) {
        if (function >= module.functions.size())
            throw invalid("unknown function " + function, position);
        declared.add(function);
    }

    private void exports() {
        var names = new HashSet<String>();
        for (var export : module.exports) {
            if (!names.add(export.name())) throw invalid("duplicate export name", 0);
            var space =
                    switch (export.kind()) {
                        case WasmModule.FUNCTION -> module.functions;
                        case WasmModule.TABLE -> module.tables;
                        case WasmModule.MEMORY -> module.memories;
                        case WasmModule.GLOBAL -> module.globals;
                        default -> module.tags;
                    };
            if (export.index() >= space.size())
                throw invalid(
                        "unknown " + kindName(export.kind()) + " " + export.index() + " exported",
                        0);
            if (export.kind() == WasmModule.FUNCTION) declared.add(export.index());
        }
    }

    private static String kindName(int kind) {
        return switch (kind) {
            case WasmModule.FUNCTION -> "function";
            case WasmModule.TABLE -> "table";
            case WasmModule.MEMORY -> "memory";
            case WasmModule.GLOBAL -> "global";
            default -> "tag";
        };
    }

    private void elements() {
        for (var segment : module.elements) {
            if (segment.mode() == 0) {
                if (segment.table() >= module.tables.size())
                    throw invalid("unknown table " + segment.table(), segment.position());
                if (elementType(segment.table()) != segment.type())
                    throw invalid("type mismatch", segment.position());
                constant(segment.offset(), 'I');
            }
            var elements = segment.elements();
            for (int i = 0; i < elements.size(); i++)
                constant(elements.expression(i), segment.type());
            elements.forEachFunction(function -> declare(function, segment.position()));
        }
    }

    private char elementType(int table) {
        return Types.letter(module.tables.get(table).element());
    }

    private void data() {
        for (var segment : module.data) {
            if (segment.offset() == null) continue;
            if (segment.memory() >= module.memories.size())
                throw invalid("unknown memory " + segment.memory(), segment.position());
            constant(segment.offset(), 'I');
        }
    }

    private void start() {
        if (module.start < 0) return;
        if (module.start >= module.functions.size())
            throw invalid("unknown function " + module.start, 0);
        if (!module.signature(module.start).equals(Signature.EMPTY))
            throw invalid("start function takes or gives values", 0);
    }

    private static MalformedModule invalid(String message, int offset) {
        return new MalformedModule(message, offset);
    }
}
