package podium.engine.jvm.ir;

import org.jspecify.annotations.Nullable;
import podium.engine.jvm.wasm.Opcodes;
import podium.engine.jvm.wasm.Signature;

/// An open construct during translation.
final class ControlFrame {

    final int opcode;
    final Signature type;

    /// Whether the construct lies in unreachable code and is skipped.
    final boolean dead;

    /// Operands below the construct's parameters.
    int height;

    /// Where branches to the label go: behind the construct, or to the beginning of a loop.
    final Block target = new Block();

    /// The block of an `else` not seen yet.
    @Nullable Block otherwise;

    /// Where exceptions thrown inside go, and those thrown outside.
    @Nullable Block handler;

    @Nullable Block outerHandler;

    /// The loop around a loop.
    @Nullable Block outerLoop;

    /// The clauses of a `try_table`.
    CatchClause[] clauses = {};

    /// For a `try` or `try_table`: the block that goes on looking for a matching `catch`, and the
    /// variable with
    /// the exception.
    @Nullable Block dispatch;

    int caught = -1;

    ControlFrame(int opcode, Signature type, boolean dead) {
        this.opcode = opcode;
        this.type = type;
        this.dead = dead;
    }

    String labelTypes() {
        return opcode == Opcodes.LOOP ? type.parameters() : type.results();
    }
}
