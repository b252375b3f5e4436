package podium.engine.v8.wasm;

import java.util.List;

/// Has guests look for interrupts where V8 does not.
///
/// V8 looks for them where a function begins that calls others, in loops it has optimised, and in
/// other loops after so and so many rounds. So it misses them in functions that only tail-call one
/// another, which are no calls to it, and in loops whose rounds take long. Functions that have tail
/// calls therefore begin with a checkpoint, and one stands before each instruction that may take
/// long.
///
/// A checkpoint is the call of a function of ours that may call another, which is null. V8 cannot
/// know that it always is, and has to look at the stack for it, which is where it looks for
/// interrupts: in our function, or in the guest's if it puts the one into the other.
final class Checkpoints {

    private static final int BLOCK = 0x02;
    private static final int END = 0x0b;
    private static final int CALL = 0x10;
    private static final int CALL_REF = 0x14;
    private static final int GLOBAL_GET = 0x23;
    private static final int NULLABLE = 0x63;
    private static final int REF_NULL = 0xd0;
    private static final int BR_ON_NULL = 0xd5;
    private static final int NO_RESULT = 0x40;

    private final WasmModule module;
    private final boolean needed;

    /// @param module whose types are followed by that of functions without parameters and results,
    ///     and its functions by that which [#body()] makes
    Checkpoints(WasmModule module) {
        this.module = module;
        needed = module.additions.stream().anyMatch(a -> a.kind() == Addition.Kind.CHECKPOINT);
    }

    boolean needed() {
        return needed;
    }

    /// What the module's globals are followed by: the function that is null.
    List<byte[]> globals() {
        if (!needed()) return List.of();
        int type = module.types.size();
        var global = new Output().raw(NULLABLE).signed(type).raw(1);
        return List.of(global.raw(REF_NULL).signed(type).raw(END).bytes());
    }

    /// The function that is called.
    byte[] body() {
        var out = new Output().raw(0, BLOCK, NO_RESULT);
        out.raw(GLOBAL_GET).u32(module.globals.size()).raw(BR_ON_NULL, 0);
        out.raw(CALL_REF).u32(module.types.size()).raw(END);
        return out.raw(END).bytes();
    }

    /// A checkpoint.
    byte[] call() {
        return new Output().raw(CALL).u32(module.functions.size()).bytes();
    }
}
