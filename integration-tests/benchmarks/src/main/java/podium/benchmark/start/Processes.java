package podium.benchmark.start;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import podium.benchmark.Engines;
import podium.benchmark.Forms;
import podium.benchmark.GuestProgram;
import podium.buildtool.Assembly;
import podium.pod.Limits;
import podium.pod.Pod;
import podium.pod.PodProcess;

/// Has processes of a program, from its snapshot, evaluate a script and wait when they write:
/// `ENGINE MODULE FORMS COUNT SCRIPT`. Prints the bytes that one takes.
public final class Processes {

    private Processes() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[3]);
        var program = GuestProgram.of(arguments[1], List.of());
        var script = arguments[4].getBytes(StandardCharsets.UTF_8);
        var limits = Limits.DEFAULT.withProcesses(count + 1).withThreads(count + 1);
        try (var assembly = new Assembly(Engines.named(arguments[0]))) {
            assembly.catalog().add(new Forms(Path.of(arguments[2])));
            try (var pod =
                    assembly.kernel().create(Assembly.spec("processes").withLimits(limits))) {
                program.run(pod, input(script), OutputStream.nullOutputStream());
                System.out.println(measure(pod, program, script, count));
            }
        }
    }

    private static ByteArrayInputStream input(byte[] script) {
        return new ByteArrayInputStream(script);
    }

    private static long measure(Pod pod, GuestProgram program, byte[] script, int count)
            throws Exception {
        var processes = new ArrayList<PodProcess>();
        var arrived = new CountDownLatch(count);
        var released = new CountDownLatch(1);
        long before = Footprint.now();
        for (int i = 0; i < count; i++)
            processes.add(program.start(pod, input(script), new Held(arrived, released)));
        arrived.await();
        long after = Footprint.now();
        released.countDown();
        for (var process : processes)
            if (process.exit().get() != 0) throw new IllegalStateException("a process failed");
        return (after - before) / count;
    }

    /// Says that somebody writes, who has to wait then. One for each process: streams are written
    /// by one at a time.
    private static final class Held extends OutputStream {

        private final CountDownLatch arrived;
        private final CountDownLatch released;

        Held(CountDownLatch arrived, CountDownLatch released) {
            this.arrived = arrived;
            this.released = released;
        }

        @Override
        public void write(int b) {
            arrived.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            write(bytes[offset]);
        }
    }
}
