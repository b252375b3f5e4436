package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.test.common.annotation.InjectService;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodSpec;
import podium.vfs.MountSpec;

/// Node on file systems that a pod's specification names.
@Timeout(120)
class FileSystemsTest {

    /// Does with a folder what programs do, and prints what it saw.
    private static final String PROGRAM =
            """
            const fs = require('fs'), path = require('path');
            process.chdir('/data');
            const attempt = f => { try { return f() } catch (e) { return e.code } };
            console.log(fs.readFileSync('old', 'utf8'), fs.readdirSync('.').join());
            fs.mkdirSync('a/b/c', { recursive: true });
            fs.writeFileSync('a/b/c/f', 'x'.repeat(100000));
            fs.appendFileSync('old', ' and more');
            fs.symlinkSync('b/c/f', 'a/link');
            fs.linkSync('a/b/c/f', 'a/hard');
            fs.renameSync('a/b', 'a/d');
            console.log(attempt(() => fs.statSync('a/link').size), fs.statSync('a/hard').nlink);
            const file = fs.openSync('a/hard', 'r+');
            fs.unlinkSync('a/hard');
            fs.writeSync(file, 'still', 99995);
            fs.ftruncateSync(file, 100000);
            fs.futimesSync(file, 1, 2);
            fs.fsyncSync(file);
            fs.closeSync(file);
            const stat = fs.statSync('a/d/c/f');
            console.log(stat.size, stat.mtimeMs, stat.nlink, stat.uid, (stat.mode & 0o777).toString(8));
            console.log(fs.readFileSync('a/d/c/f', 'utf8').slice(-6));
            fs.chmodSync('a/d/c/f', 0o600);
            console.log(fs.realpathSync('a/d/../d/c'), fs.readlinkSync('a/link'));
            console.log(attempt(() => fs.rmdirSync('a')), attempt(() => fs.chownSync('old', 5, 5)));
            fs.cpSync('a/d', 'copy', { recursive: true });
            for (let i = 0; i < 300; i++) fs.writeFileSync('copy/' + i, '' + i);
            console.log(fs.readdirSync('copy').length);
            fs.rmSync('copy', { recursive: true });
            console.log(fs.existsSync('copy'), fs.statfsSync('.').bsize > 0);
            console.log(attempt(() => fs.readFileSync('/data/outside', 'utf8')));
            """;

    private static final String LIST =
            "for (const name of require('fs').readdirSync('/data')) console.log(name)";

    @InjectService(timeout = 10_000)
    PodManager pods;

    @TempDir Path folder;

    private String run(MountSpec mount, String program) throws Exception {
        try (var pod = pods.create(PodSpec.of("it").withMount(mount))) {
            var result = pod.run("node", "-e", program);
            assertEquals("", result.error());
            return result.output();
        }
    }

    private static final String SAW =
            """
            old old,outside
            ENOENT 2
            100000 2000 1 0 644
            xstill
            /data/a/d/c b/c/f
            ENOTEMPTY EPERM
            301
            false true
            ENOENT
            """;

    @Test
    void nodeWorksInADirectoryOfTheHost() throws Exception {
        Files.writeString(folder.resolve("old"), "old");
        Files.createSymbolicLink(folder.resolve("outside"), Path.of("/etc/hostname"));
        assertEquals(SAW, run(MountSpec.of("/data", "host", folder.toString()), PROGRAM));
        assertEquals("old and more", Files.readString(folder.resolve("old")));
        var file = folder.resolve("a/d/c/f");
        assertEquals("x".repeat(99995) + "still", Files.readString(file));
        assertEquals(0100600, Files.getAttribute(file, "unix:mode"));
        assertEquals(2000, Files.getLastModifiedTime(file).toMillis());
        assertFalse(Files.exists(folder.resolve("copy")));
    }

    @Test
    void nodeWorksOnAnOverlay() throws Exception {
        var lower = Files.createDirectories(folder.resolve("lower"));
        var upper = Files.createDirectories(folder.resolve("upper"));
        Files.writeString(lower.resolve("old"), "old");
        Files.createSymbolicLink(lower.resolve("outside"), Path.of("/etc/hostname"));
        var overlay =
                MountSpec.of("/data", "overlay")
                        .withOption("upper", "host")
                        .withOption("upper.source", upper.toString())
                        .withOption("lower.1", "host")
                        .withOption("lower.1.source", lower.toString());
        assertEquals(SAW, run(overlay, PROGRAM));
        assertEquals("old", Files.readString(lower.resolve("old")));
        assertEquals("old and more", Files.readString(upper.resolve("old")));
        assertEquals("a\nold\noutside\n", run(overlay, LIST));
    }

    /// What one pod wrote to a store, or a database, is there for the next one, which has to wait
    /// for it.
    @ParameterizedTest
    @ValueSource(strings = {"store", "sqlite"})
    void aDurableTreeOutlivesItsPod(String type) throws Exception {
        var store = MountSpec.of("/data", type, folder.resolve("kept").toString());
        var write =
                """
                const fs = require('fs');
                fs.mkdirSync('/data/d');
                const file = fs.openSync('/data/d/f', 'w', 0o640);
                for (let i = 0; i < 1000; i++) fs.writeSync(file, `line ${i}\\n`);
                fs.fsyncSync(file);
                fs.closeSync(file);
                fs.linkSync('/data/d/f', '/data/hard');
                fs.symlinkSync('d/f', '/data/link');
                fs.chownSync('/data/link', 5, 6);
                fs.truncateSync('/data/hard', 8000);
                fs.fsyncSync(fs.openSync('/data'));
                console.log(fs.statSync('/data/hard').ino);
                """;
        var read =
                """
                const fs = require('fs'), stat = fs.statSync('/data/link');
                console.log(stat.ino);
                console.error(fs.readdirSync('/data').join(), stat.size, stat.nlink, stat.uid,
                    (stat.mode & 0o777).toString(8), fs.readFileSync('/data/hard', 'utf8').slice(0, 13));
                """;
        String inode;
        try (var pod = pods.create(PodSpec.of("it").withMount(store))) {
            inode = pod.run("node", "-e", write).output();
            var e =
                    assertThrows(
                            PodException.class,
                            () -> pods.create(PodSpec.of("other").withMount(store)));
            assertTrue(e.getMessage().contains("open already"), e.getMessage());
        }
        try (var pod = pods.create(PodSpec.of("it").withMount(store))) {
            var result = pod.run("node", "-e", read);
            assertEquals(inode, result.output());
            assertEquals("d,hard,link 8000 2 5 640 line 0\nline 1\n", result.error());
        }
    }

    /// The image of Node is a layer below one that another pod has written.
    @Test
    void anImageIsALayer() throws Exception {
        var overlay =
                MountSpec.of("/data", "overlay")
                        .withOption("upper", "memory")
                        .withOption("lower.1", "image");
        var program =
                """
                const fs = require('fs');
                fs.renameSync('/data/usr/lib', '/data/usr/moved');
                fs.appendFileSync('/data/etc/passwd', 'more');
                fs.rmSync('/data/usr/bin', { recursive: true });
                console.log(fs.existsSync('/usr/lib'), fs.readdirSync('/data/usr').join());
                console.log(fs.readFileSync('/data/etc/passwd', 'utf8').endsWith('more'));
                """;
        assertEquals("true moved,share\ntrue\n", run(overlay, program));
    }

    @Test
    void aReadOnlyDirectoryOfTheHostIsOnlyRead() throws Exception {
        Files.writeString(folder.resolve("old"), "old");
        var program =
                """
                const fs = require('fs');
                for (const f of [
                  () => fs.readFileSync('/data/old', 'utf8'),
                  () => fs.writeFileSync('/data/old', ''),
                  () => fs.writeFileSync('/data/new', ''),
                  () => fs.openSync('/data/old', fs.constants.O_RDONLY | fs.constants.O_TRUNC),
                  () => fs.futimesSync(fs.openSync('/data/old'), 1, 1),
                  () => fs.fchmodSync(fs.openSync('/data/old'), 0o777),
                  () => fs.rmSync('/data/old'),
                  () => fs.renameSync('/data/old', '/tmp/old'),
                  () => fs.linkSync('/data/old', '/tmp/old'),
                ])
                  try { console.log(f()) } catch (e) { console.log(e.code) }
                """;
        var mount = MountSpec.of("/data", "host", folder.toString()).asReadOnly();
        assertEquals(
                "old\nEROFS\nEROFS\nEROFS\nEROFS\nEROFS\nEROFS\nEXDEV\nEXDEV\n",
                run(mount, program));
        assertEquals("old", Files.readString(folder.resolve("old")));
    }

    @Test
    void aPodDoesNotLearnWhereItsFilesAre() throws Exception {
        var program =
                """
                const fs = require('fs');
                for (const name of ['mounts', 'mountinfo'])
                  console.log(fs.readFileSync('/proc/self/' + name, 'utf8'));
                console.log(fs.readlinkSync('/proc/self/fd/' + fs.openSync('/data/f', 'w')));
                try { fs.readFileSync('/data/none') } catch (e) { console.log(e.message) }
                """;
        var saw = run(MountSpec.of("/data", "host", folder.toString()), program);
        assertTrue(saw.contains("none /data host rw 0 0\n"), saw);
        assertTrue(saw.contains("\n/data/f\n"), saw);
        assertFalse(saw.contains(folder.getFileName().toString()), saw);
    }

    @Test
    void aMountThatCannotBeIsSaidInOneLine() {
        var mount = MountSpec.of("/data", "host", folder.resolve("none").toString());
        var e =
                assertThrows(
                        PodException.class, () -> pods.create(PodSpec.of("it").withMount(mount)));
        assertEquals(1, e.getMessage().lines().count());
        assertTrue(e.getMessage().contains("No such file or directory"), e.getMessage());
    }
}
