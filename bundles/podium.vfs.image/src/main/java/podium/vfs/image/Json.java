package podium.vfs.image;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A reader of JSON (RFC 8259), as far as the files of an OCI image layout need it: objects are
/// maps, arrays lists, whole numbers longs; other numbers, true, false and null are empty strings.
final class Json {

    private static final int MOST_DEPTH = 64;

    private final String text;
    private int position;

    private Json(String text) {
        this.text = text;
    }

    /// @throws Refusal it is none
    static Object parse(String text) throws Refusal {
        var json = new Json(text);
        var value = json.value(0);
        json.skipBlanks();
        if (json.position < text.length()) throw json.damaged();
        return value;
    }

    /// @throws Refusal it is no object
    static Map<String, Object> object(Object value) throws Refusal {
        if (!(value instanceof Map<?, ?> map)) throw new Refusal("an object of JSON in it is none");
        var object = new HashMap<String, Object>();
        map.forEach((key, member) -> object.put((String) key, member));
        return object;
    }

    /// The objects of an array.
    ///
    /// @throws Refusal there is no such array, or something else in it
    static List<Map<String, Object>> objects(Map<String, Object> in, String name) throws Refusal {
        if (!(in.get(name) instanceof List<?> list))
            throw new Refusal("a file of JSON in it has no list '%s'".formatted(name));
        var objects = new ArrayList<Map<String, Object>>();
        for (var one : list) objects.add(object(one));
        return objects;
    }

    /// A member's text, empty when there is none.
    static String string(Map<String, Object> in, String name) {
        return in.get(name) instanceof String string ? string : "";
    }

    /// @throws Refusal there is no such number
    static long number(Map<String, Object> in, String name) throws Refusal {
        if (in.get(name) instanceof Long number) return number;
        throw new Refusal("a file of JSON in it has no number '%s'".formatted(name));
    }

    private Refusal damaged() {
        return new Refusal("a file of JSON in it is damaged at character " + position);
    }

    private void skipBlanks() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0)
            position++;
    }

    private char peek() throws Refusal {
        skipBlanks();
        if (position == text.length()) throw damaged();
        return text.charAt(position);
    }

    private char take() throws Refusal {
        if (position == text.length()) throw damaged();
        return text.charAt(position++);
    }

    private boolean accept(char wanted) throws Refusal {
        boolean there = peek() == wanted;
        if (there) position++;
        return there;
    }

    private void expect(char wanted) throws Refusal {
        if (!accept(wanted)) throw damaged();
    }

    private Object value(int depth) throws Refusal {
        if (depth == MOST_DEPTH) throw damaged();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object(int depth) throws Refusal {
        var members = new HashMap<String, Object>();
        expect('{');
        if (accept('}')) return members;
        do {
            peek();
            var name = string();
            expect(':');
            // Programs differ in which of two counts.
            if (members.put(name, value(depth + 1)) != null) throw damaged();
        } while (accept(','));
        expect('}');
        return members;
    }

    private List<Object> array(int depth) throws Refusal {
        var elements = new ArrayList<>();
        expect('[');
        if (accept(']')) return elements;
        do elements.add(value(depth + 1));
        while (accept(','));
        expect(']');
        return elements;
    }

    private String string() throws Refusal {
        if (take() != '"') throw damaged();
        var string = new StringBuilder();
        for (char c = take(); c != '"'; c = take()) {
            if (c < ' ') throw damaged();
            string.append(c == '\\' ? escaped() : c);
        }
        return string.toString();
    }

    private char escaped() throws Refusal {
        char c = take();
        int known = "\"\\/bfnrt".indexOf(c);
        if (known >= 0) return "\"\\/\b\f\n\r\t".charAt(known);
        if (c != 'u') throw damaged();
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(take(), 16);
            if (digit < 0) throw damaged();
            code = code << 4 | digit;
        }
        return (char) code;
    }

    private Object word() throws Refusal {
        int start = position;
        while (position < text.length() && "{}[],:\" \t\r\n".indexOf(text.charAt(position)) < 0)
            position++;
        var word = text.substring(start, position);
        if (word.equals("true") || word.equals("false") || word.equals("null")) return "";
        if (word.matches("-?(0|[1-9][0-9]{0,17})")) return Long.parseLong(word);
        if (word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) return "";
        throw damaged();
    }
}
