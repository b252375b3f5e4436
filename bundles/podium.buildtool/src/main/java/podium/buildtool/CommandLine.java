package podium.buildtool;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.ModuleException;
import podium.pod.PodException;

/// What a tool is told: options with a value each, files, and what may follow them.
final class CommandLine {

    /// What a tool wants to be told.
    ///
    /// @param usage what follows the tool's name
    /// @param files how many
    /// @param open whether more may follow the files, all of it as it is
    record Form(String tool, String usage, Set<String> options, int files, boolean open) {}

    /// What a tool does.
    interface Work {

        void run(CommandLine line)
                throws IOException, ModuleException, PodException, InterruptedException;
    }

    private final Map<String, String> options = new HashMap<>();
    private final List<Path> files = new ArrayList<>();
    private final List<String> rest = new ArrayList<>();

    private CommandLine() {}

    /// A tool's `main`: what goes wrong is one line on standard error, and the status is 2 for a
    /// wrong use and 1 for the rest.
    static void run(Form form, String[] words, Work work) throws InterruptedException {
        try {
            work.run(parse(form, words));
        } catch (IllegalArgumentException e) {
            fail(2, "usage: " + form.tool + " " + form.usage + ": " + e.getMessage());
        } catch (NoSuchFileException e) {
            fail(1, form.tool + ": no such file: " + e.getFile());
        } catch (ModuleException | PodException | IOException e) {
            fail(1, form.tool + ": " + e.getMessage());
        }
    }

    private static void fail(int status, String message) {
        System.err.println(message);
        System.exit(status);
    }

    /// @throws IllegalArgumentException it has not the form; one line for people
    static CommandLine parse(Form form, String[] words) {
        var line = new CommandLine();
        for (int i = 0; i < words.length; i++) {
            var word = words[i];
            boolean filled = line.files.size() == form.files;
            if (filled && form.open) line.rest.add(word);
            else if (word.startsWith("--")) {
                if (!form.options.contains(word))
                    throw new IllegalArgumentException("no option " + word);
                if (++i == words.length)
                    throw new IllegalArgumentException(word + " needs a value");
                line.options.put(word, words[i]);
            } else if (filled) throw new IllegalArgumentException("what is " + word + "?");
            else line.files.add(Path.of(word));
        }
        if (line.files.size() < form.files)
            throw new IllegalArgumentException(form.files + " files are wanted");
        return line;
    }

    @Nullable String option(String name) {
        return options.get(name);
    }

    /// An option that names a file or folder.
    @Nullable Path path(String name) {
        var value = options.get(name);
        return value == null ? null : Path.of(value);
    }

    /// One of the files, from 0.
    Path file(int index) {
        return files.get(index);
    }

    List<String> rest() {
        return rest;
    }
}
