package podium.engine.jvm.wasm;

import java.util.Set;
import podium.engine.jvm.wasm.WasmModule.Body;

/// Validates a function body (core specification, section 3.3 and the appendix's algorithm).
/// Afterwards the compiler may trust every index and type in it.
public final class FunctionValidator {

    private static final int MAX_LOCALS = 50_000;

    /// The codes of a proposal, after the prefix.
    private static final int FIRST_WIDE = 0x13;

    private static final int LAST_WIDE = 0x16;

    private final Cursor in;
    private final ValidationStacks stacks = new ValidationStacks();
    private final ControlValidator control;
    private final VariableValidator variables;
    private final MemoryValidator memory;
    private final VectorValidator vectors;
    private final String results;
    private final int locals;

    private FunctionValidator(
            WasmModule module, Set<Integer> declared, CallTargets callTargets, int function) {
        Body body = module.body(function);
        in = new Cursor(module.bytes, body.start(), body.end());
        var signature = module.signature(function);
        results = signature.results();
        control = new ControlValidator(module, in, stacks, function, callTargets);
        var types = locals(in, signature);
        locals = types.length();
        variables = new VariableValidator(module, declared, in, stacks, types);
        memory = new MemoryValidator(module, in, stacks);
        vectors = new VectorValidator(in, stacks, memory);
    }

    /// @param declared the functions `ref.func` may name
    /// @param callTargets where the body's calls are noted
    /// @return what there is to translate
    /// @throws MalformedModule the body is malformed or invalid
    public static Extent validate(
            WasmModule module, Set<Integer> declared, CallTargets callTargets, int function) {
        var validator = new FunctionValidator(module, declared, callTargets, function);
        validator.run();
        return validator.extent(module.body(function));
    }

    private Extent extent(Body body) {
        int size = body.end() - body.start() + stacks.pushed();
        return Extent.of(size, locals + stacks.deepest());
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

    public static Signature blockType(WasmModule module, Cursor in) {
        int at = in.position();
        int code = in.peek();
        if (code == 0x40) {
            in.u8();
            return Signature.EMPTY;
        }
        if ((code & 0xc0) == 0x40) return Signature.ofResult(Types.read(in));
        long index = in.s33();
        if (index < 0 || index >= module.types.size())
            throw new MalformedModule("unknown type", at);
        return module.types.get((int) index);
    }

    private void run() {
        stacks.open(Opcodes.BLOCK, new Signature("", results));
        while (!stacks.ended()) {
            stacks.at = in.position();
            instruction(in.u8());
        }
        if (!in.atEnd()) throw in.error("unexpected content after the end of a function");
    }

    private void instruction(int op) {
        var numeric = Opcodes.numericSignature(op);
        if (numeric != null) stacks.apply(numeric);
        else if (Opcodes.isLoad(op)) memory.load(op);
        else if (Opcodes.isStore(op)) memory.store(op);
        else if (op >= Opcodes.LOCAL_GET && op <= Opcodes.TABLE_SET) variables.variable(op);
        else if (op >= Opcodes.I32_CONST && op <= Opcodes.F64_CONST) variables.constant(op);
        else other(op);
    }

    private void other(int op) {
        switch (op) {
            case Opcodes.UNREACHABLE -> stacks.unreachable();
            case Opcodes.NOP -> {}
            case Opcodes.BLOCK,
                    Opcodes.LOOP,
                    Opcodes.IF,
                    Opcodes.ELSE,
                    Opcodes.TRY,
                    Opcodes.TRY_TABLE,
                    Opcodes.END ->
                    control.block(op);
            case Opcodes.CATCH,
                    Opcodes.CATCH_ALL,
                    Opcodes.DELEGATE,
                    Opcodes.THROW,
                    Opcodes.THROW_REF,
                    Opcodes.RETHROW ->
                    control.exception(op);
            case Opcodes.BR, Opcodes.BR_IF, Opcodes.BR_TABLE, Opcodes.RETURN -> control.branch(op);
            case Opcodes.CALL,
                    Opcodes.CALL_INDIRECT,
                    Opcodes.RETURN_CALL,
                    Opcodes.RETURN_CALL_INDIRECT ->
                    control.call(op);
            case Opcodes.DROP -> stacks.popAny();
            case Opcodes.SELECT, Opcodes.SELECT_TYPED -> variables.select(op);
            case Opcodes.MEMORY_SIZE, Opcodes.MEMORY_GROW -> memory.size(op);
            case Opcodes.REF_NULL, Opcodes.REF_IS_NULL, Opcodes.REF_FUNC -> variables.reference(op);
            case Opcodes.PREFIX_MISC -> misc(in.u32());
            case Opcodes.PREFIX_ATOMIC -> memory.atomic(in.u32());
            case Opcodes.PREFIX_SIMD -> vectors.instruction(in.u32());
            default -> throw unknown(op);
        }
    }

    private MalformedModule unknown(int op) {
        return stacks.invalid(
                switch (op) {
                    case 0x14, 0x15, 0xd3, 0xd4, 0xd5, 0xd6 ->
                            "unsupported: typed function references";
                    case 0xfb -> "unsupported: garbage-collected types";
                    default -> "illegal opcode " + Integer.toHexString(op);
                });
    }

    private void misc(int code) {
        if (code >= FIRST_WIDE && code <= LAST_WIDE)
            throw stacks.invalid("unsupported: wide arithmetic");
        if (code < 0 || code > (Opcodes.TABLE_FILL & 0xff))
            throw stacks.invalid("illegal opcode fc " + Integer.toUnsignedString(code, 16));
        int op = Opcodes.PREFIX_MISC << 8 | code;
        var numeric = Opcodes.numericSignature(op);
        if (numeric != null) stacks.apply(numeric);
        else if (op <= Opcodes.MEMORY_FILL) memory.bulk(op);
        else variables.table(op);
    }
}
