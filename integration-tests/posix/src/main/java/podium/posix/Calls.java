package podium.posix;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import podium.pod.PodException;
import podium.pod.Result;

/// Answers the calls of a script, which come as lines of words through one FIFO and go back through
/// another. It remembers the script's working directory.
final class Calls implements AutoCloseable {

    private static final String END = "end";
    private static final Result DONE = new Result(0, "0", "");
    private static final Result FAILED = new Result(1, "", "");

    private final Machine machine;
    private final List<String> prefix;
    private final RandomAccessFile requests;
    private final RandomAccessFile answers;
    private String directory;

    /// @param prefix options of each call
    /// @param directory where the script begins
    /// @param folder where `calls` and `answers` are, FIFOs
    Calls(Machine machine, List<String> prefix, String directory, Path folder) throws IOException {
        this.machine = machine;
        this.prefix = prefix;
        this.directory = directory;
        // Open for both, neither side waits for the other nor meets an end.
        requests = new RandomAccessFile(folder.resolve("calls").toFile(), "rw");
        answers = new RandomAccessFile(folder.resolve("answers").toFile(), "rw");
    }

    /// Answers until [#end] is called.
    void serve() throws IOException, PodException, InterruptedException {
        for (var line = requests.readLine(); line != null; line = requests.readLine()) {
            if (line.equals(END)) return;
            var result = answer(List.of(line.split(" +")));
            var last = result.output().strip();
            last = last.substring(last.lastIndexOf('\n') + 1);
            var text = result.status() + " " + last + "\n";
            answers.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// May come from another thread.
    void end() throws IOException {
        requests.write((END + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private Result answer(List<String> words)
            throws IOException, PodException, InterruptedException {
        return switch (words.getFirst()) {
            case "cd" -> change(words.getLast());
            case "pwd" -> new Result(0, directory, "");
            case "rm" -> {
                var name = words.getLast();
                machine.remove(name.startsWith("/") ? name : directory + "/" + name);
                yield DONE;
            }
            default -> run(words);
        };
    }

    private Result run(List<String> words) throws IOException, PodException, InterruptedException {
        var arguments = new ArrayList<>(prefix);
        arguments.addAll(words);
        return machine.run(directory, arguments);
    }

    private Result change(String to) throws IOException, PodException, InterruptedException {
        var result = run(List.of("chdir", to, ":", "getcwd"));
        if (result.status() != 0) return FAILED;
        directory = result.output().lines().toList().getLast();
        return DONE;
    }

    @Override
    public void close() throws IOException {
        requests.close();
        answers.close();
    }
}
