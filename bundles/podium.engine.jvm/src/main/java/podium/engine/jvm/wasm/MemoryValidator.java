package podium.engine.jvm.wasm;

/// Validates the instructions on memories, the atomic ones included.
final class MemoryValidator {

    private final WasmModule module;
    private final Cursor in;
    private final ValidationStacks stacks;

    MemoryValidator(WasmModule module, Cursor in, ValidationStacks stacks) {
        this.module = module;
        this.in = in;
        this.stacks = stacks;
    }

    void load(int op) {
        argument(Opcodes.accessLog2(op), false);
        stacks.pop('I');
        stacks.push(Opcodes.loadResult(op));
    }

    void store(int op) {
        argument(Opcodes.accessLog2(op), false);
        stacks.pop(Opcodes.storeValue(op));
        stacks.pop('I');
    }

    /// Alignment, memory and offset of an access.
    void argument(int log2, boolean atomic) {
        int flags = in.u32();
        int align = flags & ~MemoryArgument.HAS_INDEX;
        if (align < 0 || align >= 64) throw stacks.invalid("malformed memop flags");
        if (align != flags) index();
        else require(0);
        in.u32();
        if (align > log2) throw stacks.invalid("alignment must not be larger than natural");
        if (atomic && align != log2) throw stacks.invalid("atomic alignment must be natural");
    }

    private void index() {
        require(in.count());
    }

    private void require(int memory) {
        if (memory >= module.memories.size()) throw stacks.invalid("unknown memory " + memory);
    }

    void size(int op) {
        index();
        if (op == Opcodes.MEMORY_GROW) stacks.pop('I');
        stacks.push('I');
    }

    void bulk(int op) {
        switch (op) {
            case Opcodes.MEMORY_INIT -> {
                segment();
                index();
                stacks.pop("III");
            }
            case Opcodes.DATA_DROP -> segment();
            case Opcodes.MEMORY_COPY -> {
                index();
                index();
                stacks.pop("III");
            }
            default -> {
                index();
                stacks.pop("III");
            }
        }
    }

    private void segment() {
        int segment = in.count();
        if (module.dataCount < 0) throw stacks.invalid("data count section required");
        if (segment >= module.dataCount) throw stacks.invalid("unknown data segment " + segment);
    }

    void atomic(int code) {
        int op = Opcodes.PREFIX_ATOMIC << 8 | code;
        switch (op) {
            case Opcodes.ATOMIC_NOTIFY -> {
                argument(2, true);
                stacks.apply("II", "I");
            }
            case Opcodes.ATOMIC_WAIT32 -> {
                argument(2, true);
                stacks.apply("IIJ", "I");
            }
            case Opcodes.ATOMIC_WAIT64 -> {
                argument(3, true);
                stacks.apply("IJJ", "I");
            }
            case Opcodes.ATOMIC_FENCE -> {
                if (in.u8() != 0) throw stacks.invalid("zero byte expected");
            }
            default -> {
                if (code < 0 || !Opcodes.isAtomicAccess(op))
                    throw stacks.invalid("illegal opcode fe " + code);
                atomicAccess(op);
            }
        }
    }

    private void atomicAccess(int op) {
        argument(Opcodes.atomicLog2(op), true);
        var type = String.valueOf(Opcodes.atomicType(op));
        switch (Opcodes.atomicOperation(op)) {
            case 0 -> stacks.apply("I", type);
            case 1 -> stacks.pop("I" + type);
            case 8 -> stacks.apply("I" + type + type, type);
            default -> stacks.apply("I" + type, type);
        }
    }
}
