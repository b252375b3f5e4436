package podium.vfs.nio;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Globs of [java.nio.file.FileSystem#getPathMatcher] as regular expressions: `*`, `**`, `?`, `[]`
/// and `{}`.
final class Glob {

    private static final String SPECIAL = "\\^$.[]{}()*+?|&-~#";

    private final String glob;
    private final StringBuilder regex = new StringBuilder("^");
    private int at;
    private boolean group;

    private Glob(String glob) {
        this.glob = glob;
    }

    /// @throws PatternSyntaxException it is no glob
    static Pattern pattern(String glob) {
        var translation = new Glob(glob);
        translation.run();
        return Pattern.compile(translation.regex.append('$').toString(), Pattern.DOTALL);
    }

    private void run() {
        while (at < glob.length()) {
            char c = glob.charAt(at++);
            switch (c) {
                case '\\' -> literal(escaped());
                case '*' -> star();
                case '?' -> regex.append("[^/]");
                case '[' -> set();
                case '{' -> open();
                case '}' -> close();
                case ',' -> regex.append(group ? ")|(?:" : ",");
                default -> literal(c);
            }
        }
        if (group) throw wrong("Missing '}'");
    }

    private char escaped() {
        if (at == glob.length()) throw wrong("No character to escape");
        return glob.charAt(at++);
    }

    private void literal(char c) {
        if (SPECIAL.indexOf(c) >= 0) regex.append('\\');
        regex.append(c);
    }

    private void star() {
        if (at < glob.length() && glob.charAt(at) == '*') {
            at++;
            regex.append(".*");
        } else regex.append("[^/]*");
    }

    private void open() {
        if (group) throw wrong("Cannot nest groups");
        group = true;
        regex.append("(?:(?:");
    }

    private void close() {
        regex.append(group ? "))" : "\\}");
        group = false;
    }

    /// A set never matches a slash. Inside, only `-` and a leading `!` mean anything.
    private void set() {
        regex.append("[[^/]&&[");
        if (at < glob.length() && glob.charAt(at) == '^') {
            regex.append("\\^");
            at++;
        } else {
            if (at < glob.length() && glob.charAt(at) == '!') {
                regex.append('^');
                at++;
            }
            if (at < glob.length() && glob.charAt(at) == '-') {
                regex.append("\\-");
                at++;
            }
        }
        members();
        regex.append("]]");
    }

    private void members() {
        for (char last = 0; ; ) {
            if (at == glob.length()) throw wrong("Missing ']'");
            char c = glob.charAt(at++);
            if (c == ']') return;
            if (c == '/') throw wrong("Explicit 'name separator' in class");
            if (c == '-') {
                if (last == 0) throw wrong("Invalid range");
                range(last);
                last = 0;
                continue;
            }
            literal(c);
            last = c;
        }
    }

    private void range(char from) {
        if (at == glob.length()) throw wrong("Missing ']'");
        char to = glob.charAt(at);
        if (to == ']') {
            regex.append("\\-");
            return;
        }
        if (to < from) throw wrong("Invalid range");
        at++;
        regex.append('-');
        literal(to);
    }

    private PatternSyntaxException wrong(String what) {
        return new PatternSyntaxException(what, glob, at - 1);
    }
}
