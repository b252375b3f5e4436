package podium.vfs.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static podium.testkit.Backends.file;
import static podium.testkit.Backends.random;
import static podium.vfs.host.KeptTree.snapshots;
import static podium.vfs.host.KeptTree.text;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import podium.testkit.Crash;
import podium.testkit.CrashContract;
import podium.testkit.KilledProcess;
import podium.testkit.Trees;
import podium.vfs.Node;

/// A process that takes and restores snapshots of a directory of the host is killed at some moment,
/// or the power is cut, again and again: what counts as a snapshot is whole, and the tree is one of
/// those that were
/// restored. `-Dpodium.kills` says how often.
class SnapshotKillTest extends CrashContract {

    private static final int FILES = 120;

    /// What is killed.
    static final class Worker {

        private Worker() {}

        /// Takes one of what there is, and restores another one, in turn.
        public static void main(String[] arguments) throws Exception {
            var random = new Random(Long.parseLong(arguments[1]));
            say("begins");
            var snapshots = snapshots(KeptTree.of(Path.of(arguments[0])).mount());
            say("mounted");
            for (int i = 0; ; i++) {
                if (random.nextInt(3) == 0) {
                    snapshots.take("t" + i);
                    snapshots.delete("t" + i);
                    say("taken");
                }
                snapshots.restore("s" + random.nextInt(3));
                say("restored");
            }
        }

        private static void say(String word) {
            System.out.println(word);
            System.out.flush();
        }
    }

    /// Three trees that differ in everything.
    private static Map<String, String> plant(KeptTree at) throws Exception {
        var texts = new TreeMap<String, String>();
        try (var fs = at.mount()) {
            var random = new Random(1);
            for (int i = 0; i < 8; i++) fs.root().createDirectory("d" + i, 0755, 0, 0);
            for (int i = 0; i < FILES; i++) file(fs, "f" + i, random(random.nextInt(40_000), i));
            for (int i = 0; i < 3; i++) {
                for (int k = 0; k < FILES; k++) change(fs.root(), random);
                snapshots(fs).take("s" + i);
                texts.put("s" + i, Trees.lasting(fs));
            }
            // Their names, too, are durable.
            fs.sync();
        }
        return texts;
    }

    private static void change(Node.Directory root, Random random) {
        var directory =
                (Node.Directory) Objects.requireNonNull(root.lookup("d" + random.nextInt(8)));
        var name = "f" + random.nextInt(FILES);
        if (root.lookup(name) instanceof Node.Regular file)
            switch (random.nextInt(4)) {
                case 0 -> root.unlink(name);
                case 1 -> directory.link("l" + random.nextInt(1 << 30), file);
                case 2 -> root.rename(name, directory, name, false);
                default -> file.write(ByteBuffer.wrap(random(9000, random.nextLong())), 500);
            }
        else if (directory.lookup(name) != null) directory.rename(name, root, name, false);
        else root.create(name, 0600, 0, 0);
    }

    @Override
    protected void run(Crash crash) throws Exception {
        int kills = Integer.getInteger("podium.kills", 20);
        var at = KeptTree.in(crash.directory());
        var texts = plant(at);
        int taking = 0;
        int restoring = 0;
        for (int i = 0; i < kills || (i < 10 * kills && restoring == 0); i++) {
            kill(crash);
            if (Files.exists(at.kept().resolve(".podium/new"))) taking++;
            if (Files.exists(at.kept().resolve(".podium/restore"))) restoring++;
            compare(at, texts, "kill %d, podium.seed=%d".formatted(i, seed));
        }
        System.out.printf(
                "%d kills after %d acts, %d while taking, %d while restoring%n",
                kills, said, taking, restoring);
        assertTrue(said > 0 && restoring > 0);
    }

    /// What workers have said to have done.
    private int said;

    private void kill(Crash crash) throws Exception {
        var seed = Long.toString(random.nextLong() >>> 8);
        // Else perhaps while it finishes what the one before was killed in.
        int some = random.nextInt(4) > 0 ? 2 : 1;
        var main = Worker.class;
        var lines = KilledProcess.run(crash, some, random.nextInt(500), main, seed);
        said += lines.size() - some;
    }

    private static void compare(KeptTree at, Map<String, String> texts, String when)
            throws Exception {
        try (var fs = at.mount()) {
            var now = Trees.lasting(fs);
            assertTrue(texts.containsValue(now), when);
            var names = new ArrayList<String>();
            for (var one : snapshots(fs).list()) names.add(one.name());
            assertTrue(names.containsAll(texts.keySet()), when);
            for (var name : names) {
                var text = text(snapshots(fs), name);
                if (texts.containsKey(name)) assertEquals(texts.get(name), text, when);
                else assertTrue(texts.containsValue(text), when + ", " + name);
            }
            var others = new HashSet<>(names);
            others.removeAll(texts.keySet());
            for (var name : others) snapshots(fs).delete(name);
            assertEquals(List.of(), at.remains(), when);
        }
    }
}
