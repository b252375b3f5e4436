package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.vfs.FileSystem;
import podium.vfs.MigrationProgress;
import podium.vfs.MigrationProgress.Phase;
import podium.vfs.Snapshot;
import podium.vfs.Snapshots;
import podium.vfs.impl.VfsService;

/// How far it is with snapshots that take long.
class PodSnapshotsTest {

    private static final PodPlace PLACE = new PodPlace("one", "/m");

    private final List<String> frames = new ArrayList<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final FsSession session = session();
    private final PodSnapshots snapshots = new PodSnapshots(PLACE, new Slow(), session);

    /// Goes on until its progress was sent, or ends it.
    private final class Slow implements Snapshots {

        @Override
        public Duration take(String name, MigrationProgress progress) {
            for (int i = 1; frames.isEmpty(); i++) {
                if (!progress.advanced(Phase.COPY, i, 1000L * i, 0))
                    throw Errno.ECANCELED.exception();
                pause();
            }
            return Duration.ofMillis(3);
        }

        @Override
        public Duration restore(String name, MigrationProgress progress) {
            return take(name, progress);
        }

        private static void pause() {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public List<Snapshot> list() {
            return List.of();
        }

        @Override
        public Duration take(String name) {
            throw new AssertionError();
        }

        @Override
        public Duration restore(String name) {
            throw new AssertionError();
        }

        @Override
        public void delete(String name) {}

        @Override
        public FileSystem open(String name) {
            throw Errno.ENOENT.exception();
        }
    }

    private FsSession session() {
        var pods = FsCommandsTest.manager(Map.of());
        return new FsSession(
                new ContainerServices(pods, new VfsService(List.of(), null), null),
                new FsRequest(List.of(), "/", false, false),
                InputStream.nullInputStream(),
                output,
                (kind, text) -> {
                    if (kind == Frame.PROGRESS) frames.add(text);
                });
    }

    @Test
    void progressIsSentBesidesTheOutput() throws Exception {
        snapshots.take("a", true);
        assertEquals(1, frames.size());
        assertTrue(frames.getFirst().matches("([0-9]+) \\1000 0"), frames.getFirst());
        frames.clear();
        snapshots.restore("b", true);
        assertEquals(1, frames.size());
        assertEquals(
                "{\"name\":\"a\",\"held_ms\":\"3.0\"}\n{\"name\":\"b\",\"held_ms\":\"3.0\"}\n",
                output.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whoGoesEndsIt() {
        session.cancel();
        var taking = assertThrows(CommandException.class, () -> snapshots.take("a", false));
        assertEquals("cannot take snapshot 'a' of one:/m: canceled", taking.getMessage());
        assertThrows(CommandException.class, () -> snapshots.restore("a", false));
        assertEquals(List.of(), frames);
    }
}
