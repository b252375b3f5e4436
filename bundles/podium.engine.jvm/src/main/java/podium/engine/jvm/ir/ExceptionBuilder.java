package podium.engine.jvm.ir;

import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import podium.engine.jvm.ir.Block.Terminator;
import podium.engine.jvm.wasm.Cursor;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Types;
import podium.engine.jvm.wasm.WasmModule;

/// Translates exceptions, as first standardised (`try`) and as finally (`try_table`). Every
/// construct
/// has a chain of dispatch blocks, the first of which is the handler of its body.
final class ExceptionBuilder {

    private final WasmModule module;
    private final Cursor in;
    private final BlockBuilder blocks;
    private final ValueStack stack;
    private final ArrayList<ControlFrame> frames;

    ExceptionBuilder(
            WasmModule module, Cursor in, BlockBuilder blocks, ArrayList<ControlFrame> frames) {
        this.module = module;
        this.in = in;
        this.blocks = blocks;
        this.stack = blocks.stack;
        this.frames = frames;
    }

    void open(ControlFrame frame) {
        frame.caught = stack.variable('E');
        frame.dispatch = new Block();
        frame.dispatch.caught = frame.caught;
        frame.handler = blocks.handler = frame.dispatch;
        var body = new Block();
        blocks.goTo(body);
        blocks.start(body);
    }

    /// The block that looks for the next clause, of a construct that still has one.
    private static Block dispatch(ControlFrame frame) {
        return Objects.requireNonNull(frame.dispatch);
    }

    private Expr caught(ControlFrame frame) {
        return Expr.get(frame.caught, 'E');
    }

    /// Goes on in a new block if the caught exception bears a tag, else in a new dispatch block.
    private void dispatch(ControlFrame frame, int tag) {
        var body = new Block();
        var rest = new Block();
        var matches = new Expr(Expr.TAG_MATCHES, 'I').index(tag).operands(caught(frame)).sealed();
        blocks.terminate(Terminator.IF, matches, body, rest);
        frame.dispatch = rest;
        blocks.start(body);
    }

    /// Puts the values of the caught exception on the stack above the construct's height.
    private void pushPayload(ControlFrame frame, int tag) {
        var types = Types.halved(module.tagSignature(tag).parameters());
        int value = -1;
        for (int i = 0; i < types.length(); i++) {
            char type = types.charAt(i);
            if (type != 'H') value++;
            var payload =
                    new Expr(Expr.PAYLOAD, type).index(value).operands(caught(frame)).sealed();
            stack.assign(stack.place(frame.height + i, type), payload);
        }
        blocks.pushPlaces(frame, types);
    }

    // ---- try

    /// Ends the body or the previous catch; what follows is outside the `try` as far as exceptions
    /// go.
    private void leavePart(ControlFrame frame) {
        if (!blocks.dead()) blocks.branch(frame);
        frame.handler = blocks.handler = frame.outerHandler;
    }

    void catchTag(ControlFrame frame, int tag) {
        if (frame.dead) return;
        leavePart(frame);
        blocks.start(dispatch(frame));
        dispatch(frame, tag);
        pushPayload(frame, tag);
    }

    void catchAll(ControlFrame frame) {
        if (frame.dead) return;
        leavePart(frame);
        blocks.start(dispatch(frame));
        frame.dispatch = null;
        stack.truncate(frame.height);
    }

    void rethrow(int depth) {
        if (blocks.dead()) return;
        stack.flush();
        blocks.raise(caught(frames.get(frames.size() - 1 - depth)));
    }

    private void rethrow(ControlFrame frame, @Nullable Block to) {
        var saved = blocks.handler;
        blocks.handler = to;
        blocks.start(dispatch(frame));
        blocks.raise(caught(frame));
        blocks.handler = saved;
    }

    void delegate(int depth) {
        var frame = frames.removeLast();
        if (frame.dead) return;
        if (!blocks.dead()) blocks.branch(frame);
        blocks.handler = frame.outerHandler;
        rethrow(frame, frames.get(frames.size() - 1 - depth).handler);
        blocks.pushPlaces(frame, frame.type.results());
        if (frame.target.references > 0) blocks.start(frame.target);
    }

    // ---- try_table

    CatchClause[] clauses() {
        var clauses = new CatchClause[in.length()];
        for (int i = 0; i < clauses.length; i++) {
            int kind = in.u8();
            int tag = Opcodes.catchesAll(kind) ? -1 : in.count();
            clauses[i] = new CatchClause(tag, Opcodes.catchesReference(kind), in.count());
        }
        return clauses;
    }

    /// The handler of a `try_table`: each clause is a branch.
    private void branches(ControlFrame frame) {
        blocks.start(dispatch(frame));
        for (var clause : frame.clauses) {
            stack.truncate(frame.height);
            if (clause.tag() >= 0) {
                dispatch(frame, clause.tag());
                pushPayload(frame, clause.tag());
            }
            if (clause.reference()) stack.push(caught(frame));
            blocks.branch(frames.get(frames.size() - 1 - clause.depth()));
            if (clause.tag() < 0) return;
            blocks.start(dispatch(frame));
        }
        blocks.raise(caught(frame));
    }

    // ---- both

    /// At the end of a construct: what no clause caught goes on outside.
    void close(ControlFrame frame) {
        blocks.handler = frame.outerHandler;
        if (frame.opcode == Opcodes.TRY_TABLE) branches(frame);
        else if (frame.dispatch != null) rethrow(frame, frame.outerHandler);
    }

    void throwTag(int tag) {
        if (blocks.dead()) return;
        var args = blocks.popAll(Types.halved(module.tagSignature(tag).parameters()).length());
        stack.flush();
        blocks.raise(new Expr(Expr.NEW_EXCEPTION, 'E').index(tag).args(args).sealed());
    }

    void throwReference() {
        if (blocks.dead()) return;
        var thrown = stack.pop();
        stack.flush();
        var exception = new Expr(Expr.THROWABLE, 'E').operands(thrown);
        blocks.raise(exception.position(blocks.position).sealed());
    }
}
