package podium.buildtool.wast;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import podium.buildtool.wast.Form.Group;
import podium.buildtool.wast.Form.Text;
import podium.buildtool.wast.Form.Word;

/// Reads the lists a script consists of (core specification, section 6.3: lexical format). Comments
/// and annotations are left out.
final class FormReader {

    private final byte[] bytes;
    private int at;

    private FormReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /// @throws IllegalArgumentException the text is not a sequence of lists
    static List<Group> read(byte[] script) {
        return new FormReader(script).read();
    }

    /// A list that was opened.
    private record Open(int start, List<Form> items) {}

    private List<Group> read() {
        var open = new ArrayDeque<Open>();
        var top = new Open(0, new ArrayList<>());
        for (blank(); at < bytes.length; blank()) {
            var inner = open.isEmpty() ? top : open.peek();
            int start = at;
            switch (bytes[at]) {
                case '(' -> {
                    at++;
                    open.push(new Open(start, new ArrayList<>()));
                }
                case ')' -> {
                    if (open.isEmpty()) throw error("a list that was not opened");
                    at++;
                    close(open.pop(), open.isEmpty() ? top : open.peek());
                }
                case '"' -> inner.items.add(text());
                default -> inner.items.add(word());
            }
        }
        if (!open.isEmpty()) throw error("a list that is not closed");
        return top.items.stream().map(form -> (Group) form).toList();
    }

    private void close(Open inner, Open outer) {
        var group = new Group(List.copyOf(inner.items), inner.start, at);
        if (!group.head().startsWith("@")) outer.items.add(group);
    }

    private IllegalArgumentException error(String message) {
        return new IllegalArgumentException(message + " at offset " + at);
    }

    private boolean ahead(char first, char second) {
        return at + 1 < bytes.length && bytes[at] == first && bytes[at + 1] == second;
    }

    /// Skips blanks and comments.
    private void blank() {
        while (at < bytes.length) {
            if (ahead(';', ';')) while (at < bytes.length && bytes[at] != '\n') at++;
            else if (ahead('(', ';')) comment();
            else if (bytes[at] <= ' ' && bytes[at] >= 0) at++;
            else return;
        }
    }

    private void comment() {
        int depth = 0;
        do {
            if (at >= bytes.length) throw error("a comment that is not closed");
            if (ahead('(', ';')) {
                depth++;
                at++;
            } else if (ahead(';', ')')) {
                depth--;
                at++;
            }
            at++;
        } while (depth > 0);
    }

    private Word word() {
        int start = at;
        while (at < bytes.length && "()\";".indexOf(bytes[at]) < 0 && (bytes[at] & 0xff) > ' ') {
            at++;
            if (at < bytes.length && bytes[at] == '"' && "$@".indexOf(bytes[at - 1]) >= 0) text();
        }
        if (at == start) at++; // in an annotation, any character may stand alone
        return new Word(new String(bytes, start, at - start, StandardCharsets.UTF_8), start, at);
    }

    private Text text() {
        int start = at++;
        var content = new ByteArrayOutputStream();
        while (at < bytes.length && bytes[at] != '"') {
            if (bytes[at] == '\\') escape(content);
            else content.write(bytes[at++]);
        }
        if (at >= bytes.length) throw error("a string that is not closed");
        at++;
        return new Text(content.toByteArray(), start, at);
    }

    private void escape(ByteArrayOutputStream content) {
        if (at + 2 >= bytes.length) throw error("an escape that ends early");
        char kind = (char) bytes[at + 1];
        int simple = "tnr\"'\\".indexOf(kind);
        if (simple >= 0) {
            content.write("\t\n\r\"'\\".charAt(simple));
            at += 2;
        } else if (kind == 'u') {
            int end = at + 3;
            while (end < bytes.length && bytes[end] != '}') end++;
            var digits = new String(bytes, at + 3, end - at - 3, StandardCharsets.US_ASCII);
            var character = Character.toString(Integer.parseInt(digits.replace("_", ""), 16));
            content.writeBytes(character.getBytes(StandardCharsets.UTF_8));
            at = end + 1;
        } else {
            var digits = new String(bytes, at + 1, 2, StandardCharsets.US_ASCII);
            content.write(Integer.parseInt(digits, 16));
            at += 3;
        }
    }
}
