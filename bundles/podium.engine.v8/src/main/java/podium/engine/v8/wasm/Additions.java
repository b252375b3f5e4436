package podium.engine.v8.wasm;

import java.util.List;

/// What function bodies get in addition: [Checkpoints], where fuel is counted [Metering], and what
/// an [InterpreterCall] needs.
final class Additions {

    private final WasmModule module;
    private final Checkpoints checkpoints;
    private final Metering metering;

    Additions(WasmModule module, Checkpoints checkpoints, Metering metering) {
        this.module = module;
        this.checkpoints = checkpoints;
        this.metering = metering;
    }

    boolean any() {
        return !module.additions.isEmpty();
    }

    byte[] code(Addition addition) {
        return switch (addition.kind()) {
            case CHECKPOINT -> checkpoints.call();
            case SPECIALISE -> InterpreterCall.drops();
            default -> metering.code(addition);
        };
    }

    /// The code section's content, with what is added.
    byte[] to(byte[] content) {
        if (!any()) return content;
        var in = new Cursor(content, 0, content.length);
        int count = in.count();
        var out = new Output().u32(count);
        int next = 0;
        for (int i = 0; i < count; i++) {
            int size = in.count();
            int start = in.position();
            in.skip(size);
            int end = end(next, in.position());
            out.sized(body(content, start, in.position(), module.additions.subList(next, end)));
            next = end;
        }
        return out.bytes();
    }

    /// How many additions lie before a position.
    ///
    /// @param from how many are known to
    int end(int from, int position) {
        int end = from;
        while (end < module.additions.size() && module.additions.get(end).position() < position)
            end++;
        return end;
    }

    private byte[] body(byte[] content, int start, int end, List<Addition> added) {
        var out = new Output();
        int from = start;
        for (var addition : added) {
            out.raw(content, from, addition.position()).raw(code(addition));
            from = addition.position();
        }
        return out.raw(content, from, end).bytes();
    }
}
