package podium.buildtool.wast;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import podium.buildtool.wast.Converter.Unreadable;
import podium.buildtool.wast.Form.Group;
import podium.buildtool.wast.Form.Text;

/// The binaries of a script's modules.
final class ScriptModules {

    private static final Pattern LONG_REFERENCE =
            Pattern.compile("\\(\\s*ref\\s+null\\s+(func|extern|exn)\\s*\\)");

    private static final Pattern TYPED_REFERENCE =
            Pattern.compile("\\(\\s*ref\\s+(null\\s+)?[$0-9]");

    private final byte[] script;
    private final Converter converter;

    ScriptModules(byte[] script, Converter converter) {
        this.script = script;
        this.converter = converter;
    }

    /// The place in a `(module ...)` after its optional name, and what kind of module it is.
    private static int body(Group form) {
        int at = 1;
        if (form.word(at).equals("definition")) at++;
        return form.word(at).startsWith("$") ? at + 1 : at;
    }

    /// The module's name in the script; empty for none.
    static String name(Group form) {
        int at = form.word(1).equals("definition") ? 2 : 1;
        return form.word(at).startsWith("$") ? form.word(at) : "";
    }

    /// Whether it is a text in quotes, which only a reader of the text format can judge.
    static boolean isQuoted(Group form) {
        return form.word(body(form)).equals("quote");
    }

    /// The module as a binary.
    ///
    /// @param form `(module ...)`, or a script's only fields
    /// @throws Unreadable the converter does not know something in it
    byte[] binary(Group form) throws Unreadable {
        int at = body(form);
        return switch (form.word(at)) {
            case "binary" -> strings(form, at + 1);
            case "quote" -> {
                var text = new ByteArrayOutputStream();
                text.writeBytes("(module ".getBytes(StandardCharsets.US_ASCII));
                text.writeBytes(strings(form, at + 1));
                text.write(')');
                yield converter.convert(text.toByteArray());
            }
            default -> converter.convert(text(form));
        };
    }

    /// The text in words the converter knows: without `definition`, and with the short names of
    /// reference types.
    private byte[] text(Group form) throws Unreadable {
        var text = Arrays.copyOfRange(script, form.start(), form.end());
        if (form.word(1).equals("definition")) {
            var word = form.items().get(1);
            Arrays.fill(text, word.start() - form.start(), word.end() - form.start(), (byte) ' ');
        }
        var characters = new String(text, StandardCharsets.ISO_8859_1);
        if (TYPED_REFERENCE.matcher(characters).find())
            throw new Unreadable("wabt writes typed references wrong");
        return LONG_REFERENCE
                .matcher(characters)
                .replaceAll("$1ref")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] strings(Group form, int from) {
        var content = new ByteArrayOutputStream();
        for (int i = from; i < form.items().size(); i++)
            if (form.items().get(i) instanceof Text text) {
                content.writeBytes(text.content());
                if (form.word(from - 1).equals("quote")) content.write('\n');
            }
        return content.toByteArray();
    }
}
