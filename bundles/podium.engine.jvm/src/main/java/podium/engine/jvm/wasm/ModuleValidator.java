package podium.engine.jvm.wasm;

import java.util.HashSet;
import java.util.Set;
import podium.engine.ValueType;
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

    /// What a Java method takes, less the engine's own.
    private static final int MAX_PARAMETER_WORDS = 250;

    private void run() {
        for (var type : module.types) {
            int words = 0;
            for (char c : type.parameters().toCharArray()) words += Types.slots(c);
            if (words > MAX_PARAMETER_WORDS)
                throw invalid("unsupported: a function of " + words + " parameter words", 0);
        }
        for (int type : module.functions) requireType(type);
        for (int type : module.tags) {
            requireType(type);
            if (!module.types.get(type).results().isEmpty())
                throw invalid("non-empty tag result type", 0);
        }
        if (module.memories.size() > 1) throw invalid("unsupported: multiple memories", 0);
        for (var global : module.globals)
            if (global.init() != null) constant(global.init(), global.type());
        exports();
        elements();
        data();
        start();
    }

    private void requireType(int type) {
        if (type >= module.types.size()) throw invalid("unknown type " + type, 0);
    }

    private void constant(ConstantExpression expression, char type) {
        if (expression.type() != type) throw invalid("type mismatch", expression.position());
        if (expression.kind() == Kind.FUNCTION) {
            if (expression.value() >= module.functions.size())
                throw invalid("unknown function " + expression.value(), expression.position());
            declared.add((int) expression.value());
        }
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
                if (module.tables.get(segment.table()).element() != elementType(segment.type()))
                    throw invalid("type mismatch", segment.position());
                constant(segment.offset(), 'I');
            }
            for (var element : segment.elements()) constant(element, segment.type());
        }
    }

    private static ValueType elementType(char type) {
        return Types.valueType(type);
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
            throw invalid("start function", 0);
    }

    private static MalformedModule invalid(String message, int offset) {
        return new MalformedModule(message, offset);
    }
}
