package podium.testkit.fuzz;

import podium.testkit.WasmAssembler.Code;
import podium.testkit.fuzz.RandomModule.Signature;

/// Random exceptions, thrown and caught; of the one kind or of the other.
final class RandomExceptions {

    private static final int BLOCK = 0x02;
    private static final int TRY = 0x06;
    private static final int CATCH = 0x07;
    private static final int THROW = 0x08;
    private static final int RETHROW = 0x09;
    private static final int THROW_REF = 0x0a;
    private static final int DELEGATE = 0x18;
    private static final int CATCH_ALL = 0x19;
    private static final int TRY_TABLE = 0x1f;
    private static final Signature NOTHING = new Signature("", "");

    private final RandomBody body;
    private final Code code;

    RandomExceptions(RandomBody body) {
        this.body = body;
        code = body.code;
    }

    void statement() {
        if (!body.module.hasExceptions()) return;
        if (body.module.chance(20)) raise();
        else if (body.module.legacy) handleOfOld();
        else handle();
    }

    private int tag() {
        return body.random(body.module.tags.size());
    }

    private void raise() {
        int tag = tag();
        body.expressions(body.module.tags.get(tag));
        code.op(THROW, tag);
    }

    private void maybeRaise() {
        body.statements();
        if (body.module.chance(40)) raise();
    }

    private void handleOfOld() {
        body.open(TRY, NOTHING, "");
        maybeRaise();
        if (body.module.chance(15)) {
            body.leaveLabel();
            code.op(DELEGATE, body.random(body.labelCount()));
            return;
        }
        if (body.module.chance(80)) {
            int tag = tag();
            code.op(CATCH, tag);
            body.drop(body.module.tags.get(tag));
            handler();
        }
        if (body.module.chance(40)) {
            code.raw(CATCH_ALL);
            handler();
        }
        body.close();
    }

    private void handler() {
        body.statements();
        if (body.module.chance(20)) code.op(RETHROW, 0);
    }

    /// A block around the `try_table` for each of two handlers: one for a tag, one for the rest.
    private void handle() {
        int tag = tag();
        var caught = body.module.tags.get(tag);
        boolean referred = body.module.chance(40);
        var rest = referred ? "e" : "";
        body.open(BLOCK, NOTHING, "");
        body.open(BLOCK, new Signature("", rest), rest);
        body.open(BLOCK, new Signature("", caught + rest), caught + rest);
        body.open(TRY_TABLE, NOTHING, "");
        int kind = referred ? 1 : 0;
        code.raw(2, kind).u(tag).u(0).raw(2 + kind).u(1);
        maybeRaise();
        body.close();
        code.op(0x0c, 2);
        body.close();
        if (referred) again();
        body.drop(caught);
        code.op(0x0c, 1);
        body.close();
        if (referred) again();
        body.close();
    }

    /// Throws the reference on the stack once more, or not.
    private void again() {
        int kept = body.newLocal('e');
        code.set(kept);
        if (!body.module.chance(30)) return;
        code.get(kept).raw(0xd1, 0x45).begin(0x04).get(kept).raw(THROW_REF).end();
    }
}
