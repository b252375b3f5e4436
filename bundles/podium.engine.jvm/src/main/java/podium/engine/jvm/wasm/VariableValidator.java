package podium.engine.jvm.wasm;

import java.util.Set;

/// Validates access to locals, globals and tables, constants and references.
final class VariableValidator {

    private final WasmModule module;
    private final Set<Integer> declared;
    private final Cursor in;
    private final ValidationStacks stacks;
    private final String locals;

    VariableValidator(
            WasmModule module,
            Set<Integer> declared,
            Cursor in,
            ValidationStacks stacks,
            String locals) {
        this.module = module;
        this.declared = declared;
        this.in = in;
        this.stacks = stacks;
        this.locals = locals;
    }

    void variable(int op) {
        switch (op) {
            case Opcodes.LOCAL_GET -> stacks.push(local());
            case Opcodes.LOCAL_SET -> stacks.pop(local());
            case Opcodes.LOCAL_TEE -> {
                char type = local();
                stacks.pop(type);
                stacks.push(type);
            }
            case Opcodes.GLOBAL_GET -> stacks.push(global().type());
            case Opcodes.GLOBAL_SET -> {
                var global = global();
                if (!global.mutable()) throw stacks.invalid("global is immutable");
                stacks.pop(global.type());
            }
            case Opcodes.TABLE_GET -> {
                char type = element(in.count());
                stacks.pop('I');
                stacks.push(type);
            }
            default -> {
                stacks.pop(element(in.count()));
                stacks.pop('I');
            }
        }
    }

    void constant(int op) {
        switch (op) {
            case Opcodes.I32_CONST -> {
                in.s32();
                stacks.push('I');
            }
            case Opcodes.I64_CONST -> {
                in.s64();
                stacks.push('J');
            }
            case Opcodes.F32_CONST -> {
                in.skip(4);
                stacks.push('F');
            }
            default -> {
                in.skip(8);
                stacks.push('D');
            }
        }
    }

    void reference(int op) {
        switch (op) {
            case Opcodes.REF_NULL -> stacks.push(Types.readHeapType(in));
            case Opcodes.REF_IS_NULL -> {
                char type = stacks.popAny();
                if (!Types.isReference(type) && type != Types.ANY) throw stacks.mismatch();
                stacks.push('I');
            }
            default -> {
                int function = in.count();
                if (function >= module.functions.size())
                    throw stacks.invalid("unknown function " + function);
                if (!declared.contains(function))
                    throw stacks.invalid("undeclared function reference");
                stacks.push('R');
            }
        }
    }

    void select(int op) {
        if (op == Opcodes.SELECT_TYPED) {
            if (in.length() != 1) throw stacks.invalid("invalid result arity");
            char type = Types.read(in);
            stacks.apply("" + type + type + "I", String.valueOf(type));
            return;
        }
        stacks.pop('I');
        char second = stacks.popAny();
        char first = stacks.popAny();
        if (Types.isReference(first) || Types.isReference(second)) throw stacks.mismatch();
        if (first != second && first != Types.ANY && second != Types.ANY) throw stacks.mismatch();
        stacks.push(first == Types.ANY ? second : first);
    }

    /// Table instructions on more than one element.
    void table(int op) {
        switch (op) {
            case Opcodes.TABLE_INIT -> {
                char type = segment();
                if (element(in.count()) != type) throw stacks.mismatch();
                stacks.pop("III");
            }
            case Opcodes.ELEM_DROP -> segment();
            case Opcodes.TABLE_COPY -> {
                char to = element(in.count());
                char from = element(in.count());
                if (to != from) throw stacks.mismatch();
                stacks.pop("III");
            }
            case Opcodes.TABLE_GROW -> {
                char type = element(in.count());
                stacks.pop('I');
                stacks.pop(type);
                stacks.push('I');
            }
            case Opcodes.TABLE_SIZE -> {
                element(in.count());
                stacks.push('I');
            }
            default -> {
                char type = element(in.count());
                stacks.pop('I');
                stacks.pop(type);
                stacks.pop('I');
            }
        }
    }

    private char local() {
        int index = in.count();
        if (index >= locals.length()) throw stacks.invalid("unknown local " + index);
        return locals.charAt(index);
    }

    private WasmModule.Global global() {
        int index = in.count();
        if (index >= module.globals.size()) throw stacks.invalid("unknown global " + index);
        return module.globals.get(index);
    }

    private char element(int table) {
        if (table >= module.tables.size()) throw stacks.invalid("unknown table " + table);
        return Types.letter(module.tables.get(table).element());
    }

    private char segment() {
        int segment = in.count();
        if (segment >= module.elements.size())
            throw stacks.invalid("unknown elem segment " + segment);
        return module.elements.get(segment).type();
    }
}
