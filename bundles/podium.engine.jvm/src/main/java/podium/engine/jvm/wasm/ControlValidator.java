package podium.engine.jvm.wasm;

import java.util.HashSet;
import podium.engine.ValueType;

/// Validates blocks, branches, calls and exceptions.
final class ControlValidator {

    private final WasmModule module;
    private final Cursor in;
    private final ValidationStacks stacks;
    private final String results;

    /// Where calls are noted.
    private final CallTargets callTargets;

    private final int function;

    ControlValidator(
            WasmModule module,
            Cursor in,
            ValidationStacks stacks,
            int function,
            CallTargets callTargets) {
        this.module = module;
        this.in = in;
        this.stacks = stacks;
        this.function = function;
        this.callTargets = callTargets;
        results = module.signature(function).results();
    }

    void block(int op) {
        switch (op) {
            case Opcodes.BLOCK, Opcodes.LOOP, Opcodes.TRY, Opcodes.IF -> {
                var type = FunctionValidator.blockType(module, in);
                if (op == Opcodes.IF) stacks.pop('I');
                stacks.pop(type.parameters());
                stacks.open(op, type);
            }
            case Opcodes.TRY_TABLE -> tryTable();
            case Opcodes.ELSE -> {
                var frame = stacks.close();
                if (frame.opcode != Opcodes.IF) throw stacks.invalid("else without if");
                stacks.open(Opcodes.ELSE, frame.type);
            }
            default -> {
                var frame = stacks.close();
                if (frame.opcode == Opcodes.IF
                        && !frame.type.parameters().equals(frame.type.results()))
                    throw stacks.mismatch();
                if (!stacks.ended()) stacks.push(frame.type.results());
            }
        }
    }

    // ---- branches

    void branch(int op) {
        switch (op) {
            case Opcodes.BR -> {
                stacks.pop(stacks.label(in.count()).labelTypes());
                stacks.unreachable();
            }
            case Opcodes.BR_IF -> {
                var types = stacks.label(in.count()).labelTypes();
                stacks.pop('I');
                stacks.apply(types, types);
            }
            case Opcodes.BR_TABLE -> branchTable();
            default -> {
                stacks.pop(results);
                stacks.unreachable();
            }
        }
    }

    private void branchTable() {
        int count = in.length();
        var targets = new int[count];
        for (int i = 0; i < count; i++) targets[i] = in.count();
        var fallback = stacks.label(in.count()).labelTypes();
        stacks.pop('I');
        var seen = new HashSet<Integer>();
        for (int target : targets) {
            if (!seen.add(target)) continue;
            var types = stacks.label(target).labelTypes();
            if (types.length() != fallback.length()) throw stacks.mismatch();
            stacks.check(types);
        }
        stacks.pop(fallback);
        stacks.unreachable();
    }

    // ---- calls

    void call(int op) {
        switch (op) {
            case Opcodes.CALL -> {
                var callee = module.signature(function());
                stacks.apply(callee.parameters(), callee.results());
            }
            case Opcodes.CALL_INDIRECT -> {
                int at = in.position();
                var callee = module.types.get(indirect());
                stacks.apply(callee.parameters(), callee.results());
                in.seek(at);
                callTargets.indirect(in.count(), in.count());
            }
            case Opcodes.RETURN_CALL -> {
                int callee = function();
                returns(module.signature(callee));
                if (callee != function) callTargets.tail(function, callee);
            }
            default -> {
                int at = in.position();
                var callee = module.types.get(indirect());
                returns(callee);
                in.seek(at);
                callTargets.indirectTail(function, in.count(), in.count());
            }
        }
    }

    private int function() {
        int callee = in.count();
        if (callee >= module.functions.size()) throw stacks.invalid("unknown function " + callee);
        return callee;
    }

    /// @return the callee's type
    private int indirect() {
        int type = in.count();
        int table = in.count();
        if (table >= module.tables.size()) throw stacks.invalid("unknown table " + table);
        if (module.tables.get(table).element() != ValueType.FUNCREF) throw stacks.mismatch();
        if (type >= module.types.size()) throw stacks.invalid("unknown type");
        stacks.pop('I');
        return type;
    }

    private void returns(Signature callee) {
        if (!callee.results().equals(results)) throw stacks.mismatch();
        stacks.pop(callee.parameters());
        stacks.unreachable();
    }

    // ---- exceptions

    /// `try_table`: its labels are seen from outside of it.
    private void tryTable() {
        var type = FunctionValidator.blockType(module, in);
        stacks.pop(type.parameters());
        int clauses = in.length();
        for (int i = 0; i < clauses; i++) {
            int kind = in.u8();
            if (kind > Opcodes.CATCH_ALL_REF) throw stacks.invalid("malformed catch clause");
            var thrown = Opcodes.catchesAll(kind) ? "" : module.tagSignature(tag()).parameters();
            if (Opcodes.catchesReference(kind)) thrown += 'E';
            if (!stacks.label(in.count()).labelTypes().equals(thrown)) throw stacks.mismatch();
        }
        stacks.open(Opcodes.TRY_TABLE, type);
    }

    void exception(int op) {
        switch (op) {
            case Opcodes.CATCH, Opcodes.CATCH_ALL -> {
                var thrown = op == Opcodes.CATCH ? module.tagSignature(tag()).parameters() : "";
                var frame = stacks.close();
                if (frame.opcode != Opcodes.TRY && frame.opcode != Opcodes.CATCH)
                    throw stacks.invalid("catch without try");
                stacks.openWith(op, frame.type, thrown);
            }
            case Opcodes.DELEGATE -> {
                int depth = in.count();
                var frame = stacks.close();
                if (frame.opcode != Opcodes.TRY) throw stacks.invalid("delegate without try");
                if (depth >= stacks.depth()) throw stacks.invalid("unknown label");
                stacks.push(frame.type.results());
            }
            case Opcodes.THROW -> {
                stacks.pop(module.tagSignature(tag()).parameters());
                stacks.unreachable();
            }
            case Opcodes.THROW_REF -> {
                stacks.pop('E');
                stacks.unreachable();
            }
            default -> {
                int target = stacks.label(in.count()).opcode;
                if (target != Opcodes.CATCH && target != Opcodes.CATCH_ALL)
                    throw stacks.invalid("invalid rethrow label");
                stacks.unreachable();
            }
        }
    }

    private int tag() {
        int tag = in.count();
        if (tag >= module.tags.size()) throw stacks.invalid("unknown tag " + tag);
        return tag;
    }
}
