package podium.vfs.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static podium.vfs.overlay.Layers.file;
import static podium.vfs.overlay.Layers.text;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import podium.testkit.Trees;
import podium.vfs.AttributeChange;
import podium.vfs.FileSystem;
import podium.vfs.MountException;
import podium.vfs.Node;
import podium.vfs.Snapshots;

/// An overlay whose lower layer has something, its snapshots, and what tests of them do.
abstract class LayeredSnapshots {

    FileSystem lower;
    OverlayFileSystem fs;
    Snapshots snapshots;

    /// As it was left; empty at first.
    abstract FileSystem upper() throws MountException;

    @BeforeEach
    void open() throws MountException {
        lower = Layers.memory();
        var root = lower.root();
        var d = root.createDirectory("d", 0750, 1, 2);
        root.link("hard", file(d, "f", "lower"));
        file(d.createDirectory("e", 0755, 0, 0), "g", "deep");
        root.createLink("l", "d/f", 0, 0);
        var top = file(root, "top", "top");
        top.setExtendedAttribute("user.a", new byte[] {1});
        top.change(new AttributeChange(0640, 3, 4, 5L, 6L));
        mount();
    }

    final void mount() throws MountException {
        fs = new OverlayFileSystem(upper(), List.of(lower));
        snapshots = Objects.requireNonNull(fs.snapshots());
    }

    final void again() throws MountException {
        fs.close();
        mount();
    }

    @AfterEach
    void close() {
        fs.close();
    }

    final Node.Directory root() {
        return fs.root();
    }

    final Node node(String path) {
        return Layers.find(fs, path);
    }

    final Node.Regular regular(String path) {
        return (Node.Regular) node(path);
    }

    final Node.Directory directory(String path) {
        return (Node.Directory) node(path);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /// What is to be there again, or is that of a snapshot.
    record State(String text, Map<String, Long> numbers) {

        static State of(FileSystem fs) {
            return new State(Trees.sorted(fs), Layers.numbers(fs));
        }
    }

    final State then(String name) {
        try (var then = snapshots.open(name)) {
            return State.of(then);
        }
    }

    /// Restored and opened, and opened by another mount, a snapshot is what it was.
    final void check(String name, State state) throws MountException {
        assertEquals(state, then(name));
        snapshots.restore(name);
        assertEquals(state, State.of(fs));
        assertEquals(state, then(name));
    }

    final void checkAll(Map<String, State> states) throws MountException {
        for (int round = 0; round < 2; round++) {
            for (var one : states.entrySet()) check(one.getKey(), one.getValue());
            again();
            for (var one : states.entrySet()) check(one.getKey(), one.getValue());
        }
    }

    final State take(String name) {
        snapshots.take(name);
        return State.of(fs);
    }
}
