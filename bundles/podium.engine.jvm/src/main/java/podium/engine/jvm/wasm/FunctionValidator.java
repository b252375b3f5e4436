package podium.engine.jvm.wasm;

import java.util.ArrayList;
import java.util.Set;
import podium.engine.ValueType;
import podium.engine.jvm.wasm.WasmModule.Body;

/// Validates a function body (core specification, section 3.3 and the appendix's algorithm).
/// Afterwards the compiler
/// may trust every index and type in it.
public final class FunctionValidator {

    private static final int MAX_LOCALS = 50_000;
    private static final int MAX_DEPTH = 100_000;

    /// @param opcode BLOCK, LOOP, IF, ELSE, TRY, CATCH or CATCH_ALL; the function itself is a BLOCK
    private static final class Frame {
        int opcode;
        final Signature type;
        final int height;
        boolean unreachable;

        Frame(int opcode, Signature type, int height) {
            this.opcode = opcode;
            this.type = type;
            this.height = height;
        }

        String labelTypes() {
            return opcode == Opcodes.LOOP ? type.parameters() : type.results();
        }
    }

    private final WasmModule module;
    private final Set<Integer> declared;
    private final Cursor in;
    private final Signature signature;
    private final OperandStack stack = new OperandStack();
    private final ArrayList<Frame> frames = new ArrayList<>();
    private final StringBuilder locals = new StringBuilder();
    private int at;

    private FunctionValidator(WasmModule module, Set<Integer> declared, int function) {
        this.module = module;
        this.declared = declared;
        Body body = module.body(function);
        in = new Cursor(module.bytes, body.start(), body.end());
        signature = module.signature(function);
    }

    /// @param declared the functions `ref.func` may name
    /// @throws MalformedModule the body is malformed or invalid
    public static void validate(WasmModule module, Set<Integer> declared, int function) {
        new FunctionValidator(module, declared, function).run();
    }

    /// The declared locals of a body, after its parameters.
    public static String locals(Cursor in, Signature signature) {
        var locals = new StringBuilder(signature.parameters());
        int groups = in.length();
        for (int i = 0; i < groups; i++) {
            int at = in.position();
            long count = in.u32() & 0xffffffffL;
            char type = Types.read(in);
            if (locals.length() + count > MAX_LOCALS)
                throw new MalformedModule("too many locals", at);
            locals.repeat(type, (int) count);
        }
        return locals.toString();
    }

    private void run() {
        locals.append(locals(in, signature));
        push(Opcodes.BLOCK, new Signature("", signature.results()));
        while (!frames.isEmpty()) {
            at = in.position();
            instruction(in.u8());
        }
        if (!in.atEnd()) throw in.error("unexpected content after the end of a function");
    }

    private MalformedModule invalid(String message) {
        return new MalformedModule(message, at);
    }

    private MalformedModule mismatch() {
        return invalid("type mismatch");
    }

    // ---- operands

    private char popAny() {
        var frame = frames.getLast();
        if (stack.size() == frame.height) {
            if (frame.unreachable) return Types.ANY;
            throw mismatch();
        }
        return stack.pop();
    }

    private void pop(char type) {
        char actual = popAny();
        if (actual != type && actual != Types.ANY && type != Types.ANY) throw mismatch();
    }

    private void pop(String types) {
        for (int i = types.length() - 1; i >= 0; i--) pop(types.charAt(i));
    }

    private void push(String types) {
        for (int i = 0; i < types.length(); i++) stack.push(types.charAt(i));
    }

    private void apply(String parameters, String results) {
        pop(parameters);
        push(results);
    }

    // ---- control

    private void push(int opcode, Signature type) {
        if (frames.size() > MAX_DEPTH) throw invalid("nesting too deep");
        frames.add(new Frame(opcode, type, stack.size()));
        push(type.parameters());
    }

    private Frame popFrame() {
        var frame = frames.getLast();
        pop(frame.type.results());
        if (stack.size() != frame.height) throw mismatch();
        frames.removeLast();
        return frame;
    }

    private void unreachable() {
        var frame = frames.getLast();
        stack.truncate(frame.height);
        frame.unreachable = true;
    }

    private Frame label(int depth) {
        if (depth < 0 || depth >= frames.size()) throw invalid("unknown label");
        return frames.get(frames.size() - 1 - depth);
    }

    public static Signature blockType(WasmModule module, Cursor in) {
        int at = in.position();
        int code = in.peek();
        if (code == 0x40) {
            in.u8();
            return Signature.EMPTY;
        }
        if ((code & 0xc0) == 0x40) return new Signature("", String.valueOf(Types.read(in)));
        long index = in.s33();
        if (index < 0 || index >= module.types.size())
            throw new MalformedModule("unknown type", at);
        return module.types.get((int) index);
    }

    private void instruction(int op) {
        var numeric = Opcodes.numericSignature(op);
        if (numeric != null) {
            numeric(numeric);
            return;
        }
        if (Opcodes.isLoad(op)) {
            memoryArgument(Opcodes.accessLog2(op), false);
            pop('I');
            stack.push(Opcodes.loadResult(op));
            return;
        }
        if (Opcodes.isStore(op)) {
            memoryArgument(Opcodes.accessLog2(op), false);
            pop(Opcodes.storeValue(op));
            pop('I');
            return;
        }
        switch (op) {
            case Opcodes.UNREACHABLE -> unreachable();
            case Opcodes.NOP -> {}
            case Opcodes.BLOCK, Opcodes.LOOP, Opcodes.TRY, Opcodes.IF -> {
                var type = blockType(module, in);
                if (op == Opcodes.IF) pop('I');
                pop(type.parameters());
                push(op, type);
            }
            case Opcodes.ELSE -> {
                var frame = popFrame();
                if (frame.opcode != Opcodes.IF) throw invalid("else without if");
                push(Opcodes.ELSE, frame.type);
            }
            case Opcodes.END -> {
                var frame = popFrame();
                if (frame.opcode == Opcodes.IF
                        && !frame.type.parameters().equals(frame.type.results())) throw mismatch();
                push(frame.type.results());
            }
            case Opcodes.CATCH,
                    Opcodes.CATCH_ALL,
                    Opcodes.DELEGATE,
                    Opcodes.THROW,
                    Opcodes.RETHROW ->
                    exception(op);
            case Opcodes.BR, Opcodes.BR_IF, Opcodes.BR_TABLE, Opcodes.RETURN -> branch(op);
            case Opcodes.CALL -> {
                int function = in.count();
                if (function >= module.functions.size())
                    throw invalid("unknown function " + function);
                var callee = module.signature(function);
                apply(callee.parameters(), callee.results());
            }
            case Opcodes.CALL_INDIRECT -> {
                int type = in.count();
                int table = in.count();
                requireTable(table);
                if (module.tables.get(table).element() != ValueType.FUNCREF) throw mismatch();
                if (type >= module.types.size()) throw invalid("unknown type");
                pop('I');
                apply(module.types.get(type).parameters(), module.types.get(type).results());
            }
            case Opcodes.DROP -> popAny();
            case Opcodes.SELECT, Opcodes.SELECT_TYPED -> select(op);
            case Opcodes.PREFIX_MISC -> misc(in.u32());
            case Opcodes.PREFIX_ATOMIC -> atomic(in.u32());
            case Opcodes.PREFIX_SIMD -> throw invalid("unsupported: SIMD");
            case 0x12, 0x13 -> throw invalid("unsupported: tail calls");
            case 0x0a, 0x1f -> throw invalid("unsupported: exception handling with exnref");
            case 0x14, 0x15, 0xd3, 0xd4, 0xd5, 0xd6 ->
                    throw invalid("unsupported: typed function references");
            case 0xfb -> throw invalid("unsupported: garbage-collected types");
            default -> variable(op);
        }
    }

    private void numeric(String signature) {
        int last = signature.length() - 1;
        for (int i = last - 1; i >= 0; i--) pop(signature.charAt(i));
        stack.push(signature.charAt(last));
    }

    private void exception(int op) {
        switch (op) {
            case Opcodes.CATCH, Opcodes.CATCH_ALL -> {
                int tag = op == Opcodes.CATCH ? tag() : -1;
                var frame = popFrame();
                if (frame.opcode != Opcodes.TRY && frame.opcode != Opcodes.CATCH)
                    throw invalid("catch without try");
                frames.add(new Frame(op, frame.type, stack.size()));
                if (tag >= 0) push(module.tagSignature(tag).parameters());
            }
            case Opcodes.DELEGATE -> {
                int depth = in.count();
                var frame = popFrame();
                if (frame.opcode != Opcodes.TRY) throw invalid("delegate without try");
                if (depth >= frames.size()) throw invalid("unknown label");
                push(frame.type.results());
            }
            case Opcodes.THROW -> {
                pop(module.tagSignature(tag()).parameters());
                unreachable();
            }
            default -> {
                int target = label(in.count()).opcode;
                if (target != Opcodes.CATCH && target != Opcodes.CATCH_ALL)
                    throw invalid("invalid rethrow label");
                unreachable();
            }
        }
    }

    private int tag() {
        int tag = in.count();
        if (tag >= module.tags.size()) throw invalid("unknown tag " + tag);
        return tag;
    }

    private void branch(int op) {
        switch (op) {
            case Opcodes.BR -> {
                pop(label(in.count()).labelTypes());
                unreachable();
            }
            case Opcodes.BR_IF -> {
                var types = label(in.count()).labelTypes();
                pop('I');
                apply(types, types);
            }
            case Opcodes.BR_TABLE -> {
                int count = in.length();
                var targets = new int[count];
                for (int i = 0; i < count; i++) targets[i] = in.count();
                var fallback = label(in.count()).labelTypes();
                pop('I');
                for (int target : targets) {
                    var types = label(target).labelTypes();
                    if (types.length() != fallback.length()) throw mismatch();
                    check(types);
                }
                pop(fallback);
                unreachable();
            }
            default -> {
                pop(signature.results());
                unreachable();
            }
        }
    }

    /// Pops operands of these types and pushes what was popped.
    private void check(String types) {
        var popped = new char[types.length()];
        for (int i = types.length() - 1; i >= 0; i--) {
            popped[i] = popAny();
            if (popped[i] != types.charAt(i) && popped[i] != Types.ANY) throw mismatch();
        }
        for (char type : popped) stack.push(type);
    }

    private void select(int op) {
        if (op == Opcodes.SELECT_TYPED) {
            if (in.length() != 1) throw invalid("invalid result arity");
            char type = Types.read(in);
            apply("" + type + type + "I", String.valueOf(type));
            return;
        }
        pop('I');
        char second = popAny();
        char first = popAny();
        if (Types.isReference(first) || Types.isReference(second)) throw mismatch();
        if (first != second && first != Types.ANY && second != Types.ANY) throw mismatch();
        stack.push(first == Types.ANY ? second : first);
    }

    private void variable(int op) {
        switch (op) {
            case Opcodes.LOCAL_GET -> stack.push(local());
            case Opcodes.LOCAL_SET -> pop(local());
            case Opcodes.LOCAL_TEE -> {
                char type = local();
                pop(type);
                stack.push(type);
            }
            case Opcodes.GLOBAL_GET -> stack.push(global().type());
            case Opcodes.GLOBAL_SET -> {
                var global = global();
                if (!global.mutable()) throw invalid("global is immutable");
                pop(global.type());
            }
            case Opcodes.TABLE_GET -> {
                char type = tableElement(in.count());
                pop('I');
                stack.push(type);
            }
            case Opcodes.TABLE_SET -> {
                pop(tableElement(in.count()));
                pop('I');
            }
            case Opcodes.MEMORY_SIZE -> {
                memoryIndex();
                stack.push('I');
            }
            case Opcodes.MEMORY_GROW -> {
                memoryIndex();
                apply("I", "I");
            }
            case Opcodes.I32_CONST -> {
                in.s32();
                stack.push('I');
            }
            case Opcodes.I64_CONST -> {
                in.s64();
                stack.push('J');
            }
            case Opcodes.F32_CONST -> {
                in.skip(4);
                stack.push('F');
            }
            case Opcodes.F64_CONST -> {
                in.skip(8);
                stack.push('D');
            }
            case Opcodes.REF_NULL -> stack.push(Types.readReference(in));
            case Opcodes.REF_IS_NULL -> {
                char type = popAny();
                if (!Types.isReference(type) && type != Types.ANY) throw mismatch();
                stack.push('I');
            }
            case Opcodes.REF_FUNC -> {
                int function = in.count();
                if (function >= module.functions.size())
                    throw invalid("unknown function " + function);
                if (!declared.contains(function)) throw invalid("undeclared function reference");
                stack.push('R');
            }
            default -> throw invalid("illegal opcode " + Integer.toHexString(op));
        }
    }

    private char local() {
        int index = in.count();
        if (index >= locals.length()) throw invalid("unknown local " + index);
        return locals.charAt(index);
    }

    private WasmModule.Global global() {
        int index = in.count();
        if (index >= module.globals.size()) throw invalid("unknown global " + index);
        return module.globals.get(index);
    }

    private void requireTable(int table) {
        if (table >= module.tables.size()) throw invalid("unknown table " + table);
    }

    private char tableElement(int table) {
        requireTable(table);
        return module.tables.get(table).element() == ValueType.FUNCREF ? 'R' : 'X';
    }

    private void memoryIndex() {
        if (in.u8() != 0) throw invalid("zero byte expected: unsupported: multiple memories");
        requireMemory();
    }

    private void requireMemory() {
        if (!module.hasMemory()) throw invalid("unknown memory 0");
    }

    private void memoryArgument(int log2, boolean atomic) {
        int align = in.u32();
        if (align < 0 || align >= 64) throw invalid("malformed memop flags");
        in.u32();
        requireMemory();
        if (align > log2) throw invalid("alignment must not be larger than natural");
        if (atomic && align != log2) throw invalid("atomic alignment must be natural");
    }

    private void data() {
        int segment = in.count();
        if (module.dataCount < 0) throw invalid("data count section required");
        if (segment >= module.dataCount) throw invalid("unknown data segment " + segment);
    }

    private char element() {
        int segment = in.count();
        if (segment >= module.elements.size()) throw invalid("unknown elem segment " + segment);
        return module.elements.get(segment).type();
    }

    private void misc(int code) {
        if (code < 0 || code > 0x11) throw invalid("illegal opcode fc " + code);
        int op = Opcodes.PREFIX_MISC << 8 | code;
        if (op <= Opcodes.LAST_SATURATING) {
            numeric(Opcodes.numericSignature(op));
            return;
        }
        switch (op) {
            case Opcodes.MEMORY_INIT -> {
                data();
                memoryIndex();
                pop("III");
            }
            case Opcodes.DATA_DROP -> data();
            case Opcodes.MEMORY_COPY -> {
                memoryIndex();
                memoryIndex();
                pop("III");
            }
            case Opcodes.MEMORY_FILL -> {
                memoryIndex();
                pop("III");
            }
            case Opcodes.TABLE_INIT -> {
                char type = element();
                if (tableElement(in.count()) != type) throw mismatch();
                pop("III");
            }
            case Opcodes.ELEM_DROP -> element();
            case Opcodes.TABLE_COPY -> {
                char to = tableElement(in.count());
                char from = tableElement(in.count());
                if (to != from) throw mismatch();
                pop("III");
            }
            case Opcodes.TABLE_GROW -> {
                char type = tableElement(in.count());
                pop('I');
                pop(type);
                stack.push('I');
            }
            case Opcodes.TABLE_SIZE -> {
                requireTable(in.count());
                stack.push('I');
            }
            default -> {
                char type = tableElement(in.count());
                pop('I');
                pop(type);
                pop('I');
            }
        }
    }

    private void atomic(int code) {
        int op = Opcodes.PREFIX_ATOMIC << 8 | code;
        switch (op) {
            case Opcodes.ATOMIC_NOTIFY -> {
                memoryArgument(2, true);
                apply("II", "I");
            }
            case Opcodes.ATOMIC_WAIT32 -> {
                memoryArgument(2, true);
                apply("IIJ", "I");
            }
            case Opcodes.ATOMIC_WAIT64 -> {
                memoryArgument(3, true);
                apply("IJJ", "I");
            }
            case Opcodes.ATOMIC_FENCE -> {
                if (in.u8() != 0) throw invalid("zero byte expected");
            }
            default -> {
                if (code < 0 || !Opcodes.isAtomicAccess(op))
                    throw invalid("illegal opcode fe " + code);
                memoryArgument(Opcodes.atomicLog2(op), true);
                var type = String.valueOf(Opcodes.atomicType(op));
                switch (Opcodes.atomicOperation(op)) {
                    case 0 -> apply("I", type);
                    case 1 -> pop("I" + type);
                    case 8 -> apply("I" + type + type, type);
                    default -> apply("I" + type, type);
                }
            }
        }
    }
}
