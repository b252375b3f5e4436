package podium.engine.jvm.ir;

import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;
import podium.engine.jvm.wasm.CallTargets;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Signature;
import podium.engine.jvm.wasm.WasmModule;

/// Translates tail calls: those of the function itself become a loop, others leave the function,
/// see
/// README: Tail calls.
final class TailCallBuilder {

    private final WasmModule module;
    private final CallTargets callTargets;
    private final BlockBuilder blocks;
    private final ValueStack stack;
    private final InstructionBuilder instructions;

    /// Where self tail calls go; null if there are none.
    private @Nullable Block restart;

    TailCallBuilder(
            WasmModule module,
            CallTargets callTargets,
            BlockBuilder blocks,
            InstructionBuilder instructions) {
        this.module = module;
        this.callTargets = callTargets;
        this.blocks = blocks;
        this.stack = blocks.stack;
        this.instructions = instructions;
    }

    /// A call of a function that makes no tail calls itself is an ordinary one: what it leaves on
    /// the stack is one frame.
    void call(int callee) {
        if (callee == blocks.function.function) {
            callSelf();
        } else if (callee < module.importedFunctions || !callTargets.makesTailCalls(callee)) {
            callAndReturn(callee);
        } else {
            leave(new Expr(Opcodes.CALL, 'V').index(callee), module.signature(callee));
        }
    }

    /// What the callee throws is not for the handlers here.
    private void callAndReturn(int callee) {
        var saved = blocks.handler;
        if (saved != null) {
            blocks.handler = null;
            blocks.cut();
        }
        instructions.call(Opcodes.CALL, callee, 0, module.signature(callee).halved());
        blocks.function.calls = true;
        blocks.returnResults();
        blocks.handler = saved;
    }

    void callIndirect(int type, int table) {
        var call = new Expr(Opcodes.CALL_INDIRECT, 'V').index(type).imm(table);
        leave(call.operands(stack.pop()), module.types.get(type));
    }

    private void leave(Expr call, Signature callee) {
        call.args(blocks.popAll(callee.halved().parameters().length()));
        stack.flush();
        blocks.countCall();
        blocks.terminate(Terminator.TAIL_CALL, call.sealed());
    }

    /// Assigns the parameters, all at once, and starts again.
    private void callSelf() {
        stack.flush();
        var args = blocks.popAll(blocks.function.signature.parameters().length());
        for (int i = 0; i < args.length; i++) {
            boolean overwritten = args[i].isGet() && args[i].index < i;
            if (!overwritten) continue;
            int copy = stack.temporary(args[i].type);
            stack.assign(copy, args[i]);
            args[i] = Expr.get(copy, args[i].type);
        }
        for (int i = 0; i < args.length; i++) stack.assign(i, args[i]);
        if (restart == null) restart = new Block();
        blocks.goTo(restart);
    }

    /// Completes a function that calls itself: its locals are zero again.
    void finish() {
        if (restart == null) return;
        var function = blocks.function;
        stack.truncate(0);
        blocks.start(restart);
        for (int i = function.signature.parameters().length(); i < function.locals; i++) {
            stack.assign(i, Expr.zero(function.type(i)));
            blocks.cutIfLarge();
        }
        function.entry.loopHeader = true;
        function.entry.weight++;
        blocks.goTo(function.entry);
    }
}
