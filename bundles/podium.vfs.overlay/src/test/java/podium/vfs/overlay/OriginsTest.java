package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.vfs.FileSystem;
import podium.vfs.Node;

/// What is kept of copies, through crashes and where there is no room.
class OriginsTest {

    private static final String FILE = ".wh..wh..origins";
    private static final Set<String> CHANGES =
            Set.of("create", "append", "truncate", "rename", "unlink", "sync", "write");

    /// An upper layer that works so many changes long, and then never again.
    private static final class Dying {

        private int left;

        Dying(int left) {
            this.left = left;
        }

        <N extends Node> N of(N node, Class<N> type) {
            var loader = OriginsTest.class.getClassLoader();
            return type.cast(
                    Proxy.newProxyInstance(
                            loader,
                            new Class<?>[] {type, Real.class},
                            (_, method, arguments) -> {
                                if (method.getName().equals("real")) return node;
                                if (CHANGES.contains(method.getName()) && left-- <= 0)
                                    throw Errno.EIO.exception();
                                for (int i = 0; arguments != null && i < arguments.length; i++)
                                    if (arguments[i] instanceof Real real)
                                        arguments[i] = real.real();
                                try {
                                    return wrapped(method.invoke(node, arguments));
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            }));
        }

        private Object wrapped(Object result) {
            if (result instanceof Node.Directory directory)
                return of(directory, Node.Directory.class);
            if (result instanceof Node.Regular file) return of(file, Node.Regular.class);
            return result;
        }
    }

    private interface Real {
        Node real();
    }

    private static Origins.Origin origin(int i) {
        return new Origins.Origin(1000 + i, 1, 0);
    }

    @Test
    void aCrashDuringCompactionLosesNothing() throws Exception {
        boolean crashed = true;
        for (int steps = 0; crashed; steps++) {
            var fs = Layers.memory();
            var origins = new Origins(fs.root(), new Work(fs.root()));
            for (int round = 0; round < 20; round++)
                for (int i = 0; i < 20; i++) origins.put(i, origin(round + i));
            var root = new Dying(steps).of(fs.root(), Node.Directory.class);
            try {
                var unused = new Origins(root, new Work(root));
                crashed = false;
            } catch (ErrnoException e) {
                assertEquals(Errno.EIO, e.errno());
            }
            var file = (Node.Regular) fs.root().lookup(FILE);
            assertEquals((crashed ? 400 : 20) * 24, file.attributes().size(), "" + steps);
            var after = new Origins(fs.root(), new Work(fs.root()));
            for (int i = 0; i < 20; i++) assertEquals(origin(19 + i), after.of(i));
        }
    }

    @Test
    void aRecordThatWasCutOffDoesNotSpoilLaterOnes() throws Exception {
        var fs = Layers.memory();
        new Origins(fs.root(), new Work(fs.root())).put(1, origin(1));
        ((Node.Regular) fs.root().lookup(FILE)).append(ByteBuffer.allocate(7));
        new Origins(fs.root(), new Work(fs.root())).put(2, origin(2));
        var origins = new Origins(fs.root(), new Work(fs.root()));
        assertEquals(origin(1), origins.of(1));
        assertEquals(origin(2), origins.of(2));
    }

    private static void fill(FileSystem fs) {
        var filler = fs.root().create("filler", 0600, 0, 0);
        var portion = ByteBuffer.allocate(4096);
        assertThrows(
                ErrnoException.class,
                () -> {
                    for (; ; ) filler.append(portion.clear());
                });
        assertThrows(
                ErrnoException.class,
                () -> {
                    for (; ; ) filler.append(portion.clear().limit(1));
                });
    }

    @Test
    void whatIsRemovedIsRemovedWithoutRoomForANote() throws Exception {
        var lower = Layers.memory();
        int count = 3000;
        for (int i = 0; i < count; i++) lower.root().create("f" + i, 0644, 0, 0);
        lower.root().link("hard", lower.root().lookup("f0"));
        var upper = Layers.memory("size", "256k");
        var fs = new OverlayFileSystem(upper, List.of(lower));
        var copies = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            var node = fs.root().lookup("f" + i);
            node.change(podium.vfs.AttributeChange.mode(0600));
            copies.add(upper.root().lookup("f" + i).attributes().inode());
        }
        var file = (Node.Regular) upper.root().lookup(FILE);
        fill(fs);
        long before = file.attributes().size();
        for (int i = 0; i < count; i++) fs.root().unlink("f" + i);
        long noted = (file.attributes().size() - before) / 24;
        assertTrue(noted < count, "there was room for all of " + noted);
        assertEquals(1, fs.root().lookup("hard").attributes().links());
        fs.root().unlink("filler");
        fs.sync();
        var origins = new Origins(upper.root(), new Work(upper.root()));
        for (int i = 1; i < count; i++) assertNull(origins.of(copies.get(i)), "" + i);
        assertNotNull(origins.of(copies.get(0)));
        var again = new OverlayFileSystem(upper, List.of(lower));
        assertEquals(1, again.root().lookup("hard").attributes().links());
        assertNull(again.root().lookup("f0"));
    }
}
