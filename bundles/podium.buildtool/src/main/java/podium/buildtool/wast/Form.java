package podium.buildtool.wast;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A piece of a script's text: a word, a string, or a list in parentheses.
sealed interface Form {

    /// Where it starts, and the place after its end, in bytes.
    int start();

    int end();

    record Word(String text, int start, int end) implements Form {}

    /// @param content without the quotes and with the escapes resolved
    record Text(byte[] content, int start, int end) implements Form {

        String utf8() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    record Group(List<Form> items, int start, int end) implements Form {

        /// The word it begins with; empty if it does not.
        String head() {
            return word(0);
        }

        /// The word at an index; empty if there is none.
        String word(int index) {
            return index < items.size() && items.get(index) instanceof Word w ? w.text : "";
        }

        Group group(int index) {
            if (index < items.size() && items.get(index) instanceof Group g) return g;
            throw new IllegalArgumentException("a list is missing in " + head());
        }

        Text text(int index) {
            if (index < items.size() && items.get(index) instanceof Text t) return t;
            throw new IllegalArgumentException("a string is missing in " + head());
        }
    }
}
