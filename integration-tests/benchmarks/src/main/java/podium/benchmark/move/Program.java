package podium.benchmark.move;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.ProcessSpec;

/// A program at work. It says `at N` when it has got so far, and figures, a name and a number, at
/// its end.
final class Program {

    /// How long it may take to get on, and to end.
    private static final long MINUTES = 10;

    private final String name;
    private final PodProcess process;
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private final Map<String, String> said = new HashMap<>();

    /// Lines.
    private final class Output extends OutputStream {

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            if (b != '\n') {
                line.write(b);
                return;
            }
            var words = line.toString(StandardCharsets.UTF_8).split(" ", 2);
            line.reset();
            say(words[0], words.length == 2 ? words[1] : "");
        }
    }

    /// @param spec without streams
    Program(Pod pod, String name, ProcessSpec spec) throws PodException {
        this.name = name;
        var streams = spec.withStreams(InputStream.nullInputStream(), new Output(), error);
        process = pod.start(streams);
    }

    private synchronized void say(String word, String value) {
        said.put(word, value);
        notifyAll();
    }

    /// How far it has got.
    synchronized long at() {
        return Long.parseLong(said.getOrDefault("at", "0"));
    }

    /// Waits until it has got so far.
    ///
    /// @throws HammerException it has ended, or does not get on
    synchronized void await(long at) throws InterruptedException, HammerException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
        while (at() < at) {
            if (!process.alive()) throw failed("ended at " + at());
            if (System.nanoTime() - end > 0) throw failed("does not get on from " + at());
            wait(100);
        }
    }

    /// Waits until it has ended well.
    ///
    /// @throws HammerException it has not
    void end() throws InterruptedException, HammerException {
        try {
            int status = process.exit().get(MINUTES, TimeUnit.MINUTES);
            if (status != 0) throw failed("ended with " + status);
        } catch (ExecutionException | TimeoutException e) {
            throw failed("does not end: " + e);
        }
    }

    /// @throws HammerException it has not said it
    synchronized String figure(String word) throws HammerException {
        var value = said.get(word);
        if (value == null) throw failed("says nothing of " + word);
        return value;
    }

    private HammerException failed(String what) {
        var why = process.failure() == null ? "" : ": " + process.failure();
        var text = error.toString(StandardCharsets.UTF_8);
        return new HammerException("program %s %s%s\n%s".formatted(name, what, why, text));
    }
}
