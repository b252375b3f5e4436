package podium.engine.debug;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import podium.engine.debug.Reader.Malformed;

/// The strings, and the lists of strings, that an object of JSON has for members (RFC 8259). Others
/// are passed over.
final class JsonReader {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_LIST = 1_000_000;

    private final String text;
    private int position;
    private final Map<String, String> strings = new HashMap<>();
    private final Map<String, List<String>> lists = new HashMap<>();

    JsonReader(String text) {
        this.text = text;
        expect('{');
        if (accept('}')) return;
        do {
            var name = quoted();
            expect(':');
            member(name);
        } while (accept(','));
        expect('}');
    }

    /// The member of a name, or an empty string.
    String string(String name) {
        return strings.getOrDefault(name, "");
    }

    /// The member of a name, or an empty list. What is no string in it is an empty one.
    List<String> list(String name) {
        return lists.getOrDefault(name, List.of());
    }

    private void member(String name) {
        switch (peek()) {
            case '"' -> strings.put(name, quoted());
            case '[' -> lists.put(name, elements());
            default -> skip(0);
        }
    }

    private List<String> elements() {
        var elements = new ArrayList<String>();
        expect('[');
        if (accept(']')) return elements;
        do {
            if (elements.size() == MAX_LIST) throw new Malformed();
            boolean string = peek() == '"';
            elements.add(string ? quoted() : "");
            if (!string) skip(0);
        } while (accept(','));
        expect(']');
        return elements;
    }

    private void skip(int depth) {
        if (depth == MAX_DEPTH) throw new Malformed();
        switch (peek()) {
            case '"' -> quoted();
            case '{' -> {
                expect('{');
                if (accept('}')) return;
                do {
                    quoted();
                    expect(':');
                    skip(depth + 1);
                } while (accept(','));
                expect('}');
            }
            case '[' -> {
                expect('[');
                if (accept(']')) return;
                do skip(depth + 1);
                while (accept(','));
                expect(']');
            }
            default -> skipWord();
        }
    }

    /// A number, or `true` and its like.
    private void skipWord() {
        int start = position;
        while (position < text.length() && isOfWord(text.charAt(position))) position++;
        if (position == start) throw new Malformed();
    }

    private static boolean isOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '+' || c == '.';
    }

    private String quoted() {
        expect('"');
        var string = new StringBuilder();
        for (char c = take(); c != '"'; c = take()) string.append(c == '\\' ? escaped() : c);
        return string.toString();
    }

    private char escaped() {
        char c = take();
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) code = code << 4 | Character.digit(take(), 16);
                if (code < 0) throw new Malformed();
                yield (char) code;
            }
            default -> c;
        };
    }

    private char take() {
        if (position == text.length()) throw new Malformed();
        return text.charAt(position++);
    }

    /// The next character that is not white space.
    private char peek() {
        while (position < text.length() && text.charAt(position) <= ' ') position++;
        if (position == text.length()) throw new Malformed();
        return text.charAt(position);
    }

    private boolean accept(char wanted) {
        boolean there = peek() == wanted;
        if (there) position++;
        return there;
    }

    private void expect(char wanted) {
        if (!accept(wanted)) throw new Malformed();
    }
}
