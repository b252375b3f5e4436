package podium.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON (RFC 8259): text to [Map], [List], [String], [Double], [Boolean] and null, and back.
public final class Json {

    private static final int DEEPEST = 512;

    private final String text;
    private final boolean unique;
    private int at;
    private int depth;

    private Json(String text, boolean unique) {
        this.text = text;
        this.unique = unique;
    }

    /// @throws IllegalArgumentException it is no JSON; the message says where
    public static @Nullable Object parse(String text) {
        return parse(text, false);
    }

    /// As [#parse], but no object has a name twice: for what several programs must understand
    /// alike, as they differ in which of the two counts. (Here, as in JavaScript, the last one
    /// does.)
    ///
    /// @throws IllegalArgumentException as there, or a name is there twice
    public static @Nullable Object parseUnique(String text) {
        return parse(text, true);
    }

    private static @Nullable Object parse(String text, boolean unique) {
        var json = new Json(text, unique);
        var value = json.value();
        json.space();
        if (json.at < text.length()) throw json.wrong("text behind the end");
        return value;
    }

    private @Nullable Object value() {
        space();
        if (at == text.length()) throw wrong("unexpected end");
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> object() {
        var members = new LinkedHashMap<String, @Nullable Object>();
        open();
        space();
        if (!skip('}')) {
            do {
                space();
                var name = string();
                space();
                expect(':');
                if (unique && members.containsKey(name)) throw wrong("a name is there twice");
                members.put(name, value());
                space();
            } while (skip(','));
            expect('}');
        }
        depth--;
        return members;
    }

    private List<@Nullable Object> array() {
        var elements = new ArrayList<@Nullable Object>();
        open();
        space();
        if (!skip(']')) {
            do {
                elements.add(value());
                space();
            } while (skip(','));
            expect(']');
        }
        depth--;
        return elements;
    }

    private void open() {
        if (++depth > DEEPEST) throw wrong("nested too deep");
        at++;
    }

    private String string() {
        expect('"');
        var string = new StringBuilder();
        while (true) {
            if (at == text.length()) throw wrong("unexpected end");
            char c = text.charAt(at++);
            if (c == '"') return string.toString();
            if (c < ' ') throw wrong("control character in a string");
            string.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        if (at == text.length()) throw wrong("unexpected end");
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unit();
            default -> throw wrong("unknown escape");
        };
    }

    private char unit() {
        if (at + 4 > text.length()) throw wrong("unexpected end");
        int unit = 0;
        for (int end = at + 4; at < end; at++) {
            int digit = Character.digit(text.charAt(at), 16);
            if (digit < 0) throw wrong("no hexadecimal digit");
            unit = unit * 16 + digit;
        }
        return (char) unit;
    }

    private Double number() {
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) at++;
        var number = text.substring(start, at);
        if (!number.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) throw wrong("no value");
        return Double.valueOf(number);
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) throw wrong("no value");
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private boolean skip(char c) {
        if (at == text.length() || text.charAt(at) != c) return false;
        at++;
        return true;
    }

    private void expect(char c) {
        if (!skip(c)) throw wrong("'" + c + "' expected");
    }

    private IllegalArgumentException wrong(String what) {
        long line =
                text.substring(0, Math.min(at, text.length()))
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new IllegalArgumentException("line " + (line + 1) + ": " + what);
    }

    /// @param value of the types [#parse] gives, or an integer
    public static String write(@Nullable Object value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case Map<?, ?> members -> {
                var separator = "{";
                for (var member : members.entrySet()) {
                    out.append(separator);
                    quote(String.valueOf(member.getKey()), out);
                    out.append(':');
                    write(member.getValue(), out);
                    separator = ",";
                }
                out.append(members.isEmpty() ? "{}" : "}");
            }
            case List<?> elements -> {
                var separator = "[";
                for (var element : elements) {
                    out.append(separator);
                    write(element, out);
                    separator = ",";
                }
                out.append(elements.isEmpty() ? "[]" : "]");
            }
            case String string -> quote(string, out);
            case null, default -> out.append(value);
        }
    }

    private static void quote(String string, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < ' ' || Character.isSurrogate(c)) out.append("\\u%04x".formatted((int) c));
            else out.append(c);
        }
        out.append('"');
    }
}
