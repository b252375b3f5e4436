package podium.engine.v8.wasm;

/// Undoes what [Rewriter] does to the places of instructions: bodies are longer by the checkpoints
/// in them, and so may be what says how long they are, and how many.
final class Origin {

    private final WasmModule module;
    private final Checkpoints checkpoints;
    private final int ownBodies;

    /// @param ownBodies how many bodies there are behind the module's
    Origin(WasmModule module, Checkpoints checkpoints, int ownBodies) {
        this.module = module;
        this.checkpoints = checkpoints;
        this.ownBodies = ownBodies;
    }

    /// See [Rewriter#original(WasmModule, int, int)].
    int of(int function, int position) {
        var content = module.sections.get(ModuleReader.CODE_SECTION);
        int index = function - module.importedFunctions();
        if (content == null || index < 0) return -1;
        var in = new Cursor(content, 0, content.length);
        int count = in.count();
        if (index >= count) return -1;
        // without bodies of ours the number of them stays as it is written
        int rewritten = ownBodies == 0 ? in.position() : Output.width(count + ownBodies);
        int call = checkpoints.call().length;
        int next = 0;
        for (int i = 0; ; i++) {
            int from = in.position();
            int size = in.count();
            int start = in.position();
            in.skip(size);
            int first = next;
            while (next < module.checkpoints.length && module.checkpoints[next] < in.position())
                next++;
            int length = size + (next - first) * call;
            rewritten += checkpoints.needed() ? Output.width(length) : start - from;
            if (i == index) return inBody(start, position - rewritten, length, first, next, call);
            rewritten += length;
        }
    }

    /// A place in a checkpoint is that of the instruction behind it.
    private int inBody(int start, int place, int length, int first, int end, int call) {
        if (place < 0 || place >= length) return -1;
        int added = 0;
        for (int k = first; k < end; k++) {
            int before = module.checkpoints[k] - start + added;
            if (place < before) break;
            if (place < before + call) return module.codeStart + module.checkpoints[k];
            added += call;
        }
        return module.codeStart + start + place - added;
    }
}
