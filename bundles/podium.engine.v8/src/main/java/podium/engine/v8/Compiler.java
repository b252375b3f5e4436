package podium.engine.v8;

import com.caoccao.javet.interop.V8Host;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import podium.engine.ModuleException;

/// Compiles modules and keeps what came of it. V8 lets isolates share the machine code of equal
/// modules for as long as one of them has the module; so one that runs nothing has them all.
///
/// Thread-safe. What it holds goes when nobody refers to it any more: modules may outlive the
/// engine.
final class Compiler {

    private static final Cleaner CLEANER = Cleaner.create();
    private static final Pattern OFFSET = Pattern.compile(" @\\+(\\d+)");

    private final Isolate isolate;

    Compiler(V8Host host) {
        var made = new Isolate(host);
        isolate = made;
        CLEANER.register(this, made::release);
    }

    /// Checks a module as its author wrote it.
    ///
    /// @throws ModuleException it is not valid; with V8's words and offset
    void validate(String name, byte[] content) throws ModuleException {
        var words = problem(ByteBuffer.allocateDirect(content.length).put(content).flip());
        if (words.isEmpty()) return;
        var offset = OFFSET.matcher(words);
        if (!offset.find()) throw new ModuleException(name + ": " + words, -1);
        var message = words.substring(0, offset.start());
        throw new ModuleException(name + ": " + message, Long.parseLong(offset.group(1)));
    }

    /// Compiles what the engine made of a module, and keeps it as long as the code is in use.
    ///
    /// @throws IllegalArgumentException V8 finds it invalid
    Code code(byte[] content) {
        var code = new Code(content);
        var number =
                isolate.inside(
                        () -> {
                            try (var buffer = isolate.bytes(code.bytes())) {
                                return isolate.numberOrProblem("compile", buffer);
                            }
                        });
        if (!(number instanceof Integer kept))
            throw new IllegalArgumentException(number.toString());
        CLEANER.register(code, () -> forget(kept));
        return code;
    }

    private String problem(ByteBuffer content) {
        return isolate.inside(
                () -> {
                    try (var buffer = isolate.bytes(content)) {
                        return isolate.text("problem", buffer);
                    } finally {
                        // V8 reads it where it is, and nobody else has it any more
                        Reference.reachabilityFence(content);
                    }
                });
    }

    private void forget(int number) {
        isolate.step(
                () -> {
                    isolate.run("release", "" + number);
                    isolate.collect();
                    return null;
                });
    }
}
