package podium.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import podium.engine.ModuleSource;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.AttributeChange;
import podium.vfs.Node;

/// What a backend promises of digests ([Node.Regular#sha256()]): whoever trusts one must never run
/// or show content that the file no longer has. A backend's test is a subclass with [#measured].
public abstract class DigestContract {

    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 0x10;

    /// A file whose digest is known: writable, of at least 100 bytes that are not all zero, and
    /// unlike any other content of this contract. A new one each time.
    protected abstract Node.Regular measured() throws Exception;

    @Test
    void aDigestIsTheContents() throws Exception {
        var file = measured();
        assertEquals(ModuleSource.sha256(content(file)), file.sha256());
    }

    @Test
    void readingAndAttributesLeaveIt() throws Exception {
        var file = measured();
        var digest = file.sha256();
        file.opened();
        file.read(ByteBuffer.allocate(50), 10);
        file.change(AttributeChange.times(1L, 2L));
        file.write(ByteBuffer.allocate(0), 0);
        file.sync(false);
        file.released();
        assertEquals(digest, file.sha256());
    }

    @Test
    void writingChangesIt() throws Exception {
        changes(file -> file.write(ByteBuffer.wrap(new byte[] {1}), 50));
        changes(file -> file.write(ByteBuffer.wrap(new byte[] {1}), 1_000_000));
    }

    @Test
    void writingTheSameKeepsItTrue() throws Exception {
        var file = measured();
        file.write(ByteBuffer.wrap(content(file)), 0);
        holds(file);
    }

    @Test
    void appendingChangesIt() throws Exception {
        changes(file -> file.append(ByteBuffer.wrap(new byte[] {0})));
    }

    @Test
    void truncatingChangesIt() throws Exception {
        changes(file -> file.truncate(0));
        changes(file -> file.truncate(file.attributes().size() - 1));
        changes(file -> file.truncate(file.attributes().size() + 1));
    }

    @Test
    void allocatingKeepsItTrue() throws Exception {
        for (int mode : new int[] {0, KEEP_SIZE, PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE}) {
            var file = measured();
            try {
                file.allocate(mode, 20, 1 << 20);
            } catch (ErrnoException e) {
                assertEquals(Errno.EOPNOTSUPP, e.errno());
            }
            holds(file);
        }
    }

    private void changes(Consumer<Node.Regular> change) throws Exception {
        var file = measured();
        var before = content(file);
        change.accept(file);
        assertTrue(!java.util.Arrays.equals(before, content(file)), "no change to look at");
        holds(file);
    }

    /// The digest is not known, or is the content's.
    private static void holds(Node.Regular file) {
        var digest = file.sha256();
        if (digest != null) assertEquals(ModuleSource.sha256(content(file)), digest);
    }

    private static byte[] content(Node.Regular file) {
        var content = ByteBuffer.allocate((int) file.attributes().size());
        while (content.hasRemaining())
            assertTrue(file.read(content, content.position()) > 0, "shorter than its size");
        return content.array();
    }
}
