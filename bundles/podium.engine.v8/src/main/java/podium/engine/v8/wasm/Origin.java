package podium.engine.v8.wasm;

import java.util.List;

/// Undoes what [Rewriter] does to the places of instructions: bodies are longer by what
/// was added, and so may be what says how long they are, and how many.
final class Origin {

    private final WasmModule module;
    private final Additions additions;
    private final int ownBodies;

    /// @param ownBodies how many bodies there are behind the module's
    Origin(WasmModule module, Additions additions, int ownBodies) {
        this.module = module;
        this.additions = additions;
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
        int next = 0;
        for (int i = 0; ; i++) {
            int from = in.position();
            int size = in.count();
            int start = in.position();
            in.skip(size);
            int end = additions.end(next, in.position());
            var added = module.additions.subList(next, end);
            int length = size;
            for (var addition : added) length += additions.code(addition).length;
            rewritten += additions.any() ? Output.width(length) : start - from;
            if (i == index) return inBody(start, position - rewritten, length, added);
            rewritten += length;
            next = end;
        }
    }

    /// A place in what was added is that of the instruction behind it.
    private int inBody(int start, int place, int length, List<Addition> added) {
        if (place < 0 || place >= length) return -1;
        int more = 0;
        for (var addition : added) {
            int before = addition.position() - start + more;
            if (place < before) break;
            int code = additions.code(addition).length;
            if (place < before + code) return module.codeStart + addition.position();
            more += code;
        }
        return module.codeStart + start + place - more;
    }
}
