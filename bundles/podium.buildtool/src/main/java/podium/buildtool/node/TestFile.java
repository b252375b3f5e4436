package podium.buildtool.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// One of Node's tests: a program, and how its comments say that it is to be started.
///
/// @param name folder and file without its extension, such as `parallel/test-fs-access`
/// @param path below the checkout
/// @param source its text
record TestFile(
        String name,
        String path,
        List<String> flags,
        Map<String, String> environment,
        String source) {

    // As test/testpy of the checkout reads them.
    private static final Pattern FLAGS = Pattern.compile("//\\s+Flags:(.*)");
    private static final Pattern ENVIRONMENT = Pattern.compile("//\\s+Env:(.*)");

    private static final Pattern COMMENT =
            Pattern.compile("/\\*.*?\\*/|(?<![:\"'`\\w])//[^\\n]*", Pattern.DOTALL);

    /// The name of a builtin module, or of `test/common`.
    private static final String MODULE =
            "['\"](?:(?:\\.\\./)+common[\\w./]*|[\\w:]+(?:/\\w+)?)['\"]";

    /// What does nothing by itself: directives and imports of those.
    private static final Pattern IMPORT =
            Pattern.compile(
                    "['\"]use strict['\"];?"
                            + "|(?:(?:const|let|var)\\s+[\\w{},:\\s]+=\\s*)?require\\("
                            + MODULE
                            + "\\);?"
                            + "|import\\s[^;'\"]*"
                            + MODULE
                            + ";?");

    /// Conditions on what a build of Node has.
    private static final Pattern CONDITION =
            Pattern.compile(
                    "\\bif\\s*\\(.*(?:\\bhas[A-Z]\\w*|process\\.(?:features|config|versions)\\b"
                            + "|\\bis[A-Z]\\w*)");

    static TestFile read(Path checkout, Path file) throws IOException {
        // Some hold bytes that are no UTF-8, on purpose.
        var source = Files.readString(file, StandardCharsets.ISO_8859_1);
        var path = checkout.relativize(file).toString();
        var name = path.substring(path.indexOf('/') + 1, path.lastIndexOf('.'));
        var environment = new HashMap<String, String>();
        for (var pair : words(ENVIRONMENT, source)) {
            int equals = pair.indexOf('=');
            if (equals > 0) environment.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return new TestFile(name, path, words(FLAGS, source), Map.copyOf(environment), source);
    }

    private static List<String> words(Pattern pattern, String source) {
        var words = new ArrayList<String>();
        var found = pattern.matcher(source);
        if (found.find())
            for (var word : found.group(1).strip().split("\\s+"))
                if (!word.isEmpty()) words.add(word);
        return List.copyOf(words);
    }

    /// What of Node it tests.
    String module() {
        return Area.of(name);
    }

    /// Whether nothing is left of it beside comments and imports.
    boolean isEmpty() {
        var code = COMMENT.matcher(source).replaceAll("");
        return IMPORT.matcher(code).replaceAll("").isBlank();
    }

    /// Whether all it does may hang on a feature that a build of Node can lack, as far as that can
    /// be
    /// looked at: the checks of an ES module cannot be counted.
    boolean isConditional() {
        return !path.endsWith(".mjs") && CONDITION.matcher(source).find();
    }
}
