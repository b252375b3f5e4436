package podium.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import podium.pod.Pod;
import podium.syscall.LinuxString;
import podium.vfs.Archives;
import podium.vfs.Vfs;

/// What a subcommand of `podium fs` has in the container: pods, the client's streams, progress.
final class FsSession {

    /// Nanoseconds between two messages about progress.
    private static final long PAUSE = 200_000_000;

    /// Sends a frame of text.
    interface Messages {
        void send(int kind, String text) throws IOException;
    }

    private final ContainerServices services;
    private final FsRequest request;
    private final InputStream input;
    private final OutputStream output;
    private final Messages messages;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;
    private int status;
    private long told = System.nanoTime();

    FsSession(
            ContainerServices services,
            FsRequest request,
            InputStream input,
            OutputStream output,
            Messages messages) {
        this.services = services;
        this.request = request;
        this.input = input;
        this.output = output;
        this.messages = messages;
    }

    /// @throws CommandException there is none of that name here
    Pod pod(String name) throws CommandException {
        var pod = services.pods().pod(name);
        if (pod == null) throw new CommandException(ControlClient.NO_SUCH_POD + " '" + name + "'");
        return pod;
    }

    /// A place in a pod.
    Path path(PodPlace place) throws CommandException {
        return pod(place.pod()).fileSystem().getPath(place.path());
    }

    /// A path of the host's, as the client means it.
    Path hostPath(String text) {
        return Path.of(request.directory()).resolve(text).normalize();
    }

    /// @throws CommandException no bundle provides them
    Archives archives() throws CommandException {
        var archives = services.archives();
        if (archives == null)
            throw new CommandException("the container has no archives: it lacks podium.archive");
        return archives;
    }

    Vfs vfs() {
        return services.vfs();
    }

    /// What the program ends with, when nothing fails.
    int status() {
        return status;
    }

    void end(int status) {
        this.status = status;
    }

    InputStream input() {
        return input;
    }

    OutputStream output() {
        return output;
    }

    /// Whether the output is a terminal.
    boolean isTerminal() {
        return request.terminal();
    }

    /// Prints a line, with names' own bytes; on a terminal without what would steer that.
    void print(String line) throws IOException {
        output.write(LinuxString.encode(isTerminal() ? printable(line) : line));
        output.write('\n');
    }

    /// A name in its colour, where there are colours: directories blue, links cyan, programs green.
    String coloured(String name, int mode) {
        var shown = isTerminal() ? printable(name) : name;
        if (!request.colour()) return shown;
        var colour =
                switch (mode & 0170000) {
                    case 0040000 -> "1;34";
                    case 0120000 -> "36";
                    case 0100000 -> (mode & 0111) != 0 ? "32" : "";
                    default -> "33";
                };
        return colour.isEmpty() ? shown : "\033[" + colour + "m" + shown + "\033[0m";
    }

    /// Prints what was made printable already.
    void printColoured(String line) throws IOException {
        output.write(LinuxString.encode(line));
        output.write('\n');
    }

    void print(Table table, boolean json) {
        table.print(new PrintWriter(new OutputStreamWriter(output, StandardCharsets.UTF_8)), json);
    }

    /// Tells the user something, on standard error.
    void message(String text) throws IOException {
        output.flush();
        messages.send(Frame.ERROR, "podium: " + printable(text) + "\n");
    }

    /// Text without control characters, which a guest could have put into a name.
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /// Tells how far it is.
    ///
    /// @param total bytes in all, 0 when that is not known
    /// @return whether to go on
    boolean progress(long files, long bytes, long total) {
        long now = System.nanoTime();
        if (now - told > PAUSE) {
            told = now;
            try {
                messages.send(Frame.PROGRESS, files + " " + bytes + " " + total);
            } catch (IOException _) {
                cancelled = true; // the client is gone
            }
        }
        return !cancelled;
    }

    /// @throws IOException the client has gone
    void checkCancelled() throws IOException {
        if (cancelled) throw new java.io.InterruptedIOException("interrupted");
    }

    boolean isCancelled() {
        return cancelled;
    }

    /// Closes something when the client goes, as a stream that would wait for ever.
    <T extends AutoCloseable> T closing(T stream) {
        open.add(stream);
        if (cancelled) close(stream);
        return stream;
    }

    /// Something was closed in time.
    void closed(AutoCloseable stream) {
        open.remove(stream);
    }

    void cancel() {
        cancelled = true;
        for (var stream : open) close(stream);
    }

    private static void close(AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception _) {
            // Nobody waits for what it says.
        }
    }
}
