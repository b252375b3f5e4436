package podium.pod;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// How a program ended, and what it wrote.
///
/// @param status exit code; 128 plus a signal's number when one ended it; 124 when its time was up
/// @param output, error what it wrote to descriptors 1 and 2, as UTF-8; cut off after 16 MiB each
public record Result(int status, String output, String error) {

    /// The most bytes kept of each stream.
    public static final int OUTPUT_LIMIT = 16 << 20;

    /// No timeout.
    static final Duration FOREVER = Duration.ofDays(36_500);

    private static final int TIMED_OUT = 124;

    static Result of(Pod pod, ProcessSpec spec, Duration timeout)
            throws PodException, InterruptedException {
        var output = new Kept();
        var error = new Kept();
        var process = pod.start(spec.withStreams(spec.input(), output, error));
        try {
            int status = status(process, timeout);
            return new Result(status, output.text(), error.text());
        } catch (InterruptedException e) {
            process.signal(9);
            throw e;
        } catch (ExecutionException e) {
            throw new PodException("the process was lost: " + e.getMessage(), 1, e);
        }
    }

    private static int status(PodProcess process, Duration timeout)
            throws InterruptedException, ExecutionException {
        try {
            return process.exit().get(nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            process.kill(Duration.ZERO);
            return TIMED_OUT;
        }
    }

    /// A duration as nanoseconds; what is too long for that has no end.
    private static long nanos(Duration timeout) {
        boolean endless = timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0;
        return endless ? Long.MAX_VALUE : timeout.toNanos();
    }

    private static final class Kept extends ByteArrayOutputStream {

        @Override
        public synchronized void write(int b) {
            if (count < OUTPUT_LIMIT) super.write(b);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, Math.min(length, OUTPUT_LIMIT - count));
        }

        synchronized String text() {
            return toString(StandardCharsets.UTF_8);
        }
    }
}
