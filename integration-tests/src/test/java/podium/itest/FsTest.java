package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// `podium fs` on a program that runs, from another process.
@Timeout(600)
class FsTest {

    @TempDir Path folder;

    private Result fs(String... words) throws Exception {
        var all = new java.util.ArrayList<>(List.of("fs"));
        all.addAll(List.of(words));
        return Program.run(folder, all.toArray(String[]::new));
    }

    /// Where no container runs, one is started for it.
    @Test
    void checksWhatIsNotMounted() throws Exception {
        var source = folder.resolve("data.db").toString();
        assertEquals(
                new Result(
                        8,
                        "",
                        "podium: cannot check the database %s: it does not exist, or the directory above it does not\n"
                                .formatted(source)),
                fs("check", "sqlite", source));
        Files.createFile(folder.resolve("data.db"));
        assertEquals(8, fs("repair", "sqlite", source).status());
        assertEquals(2, fs("check", "sqlite").status());
    }

    @Test
    void worksWithTheFilesOfARunningPod() throws Exception {
        var script =
                Files.writeString(
                        folder.resolve("wait.js"),
                        """
                        const fs = require('fs');
                        fs.mkdirSync('/data/sub', { recursive: true });
                        fs.writeFileSync('/data/a', 'from Node');
                        console.log('ready');
                        const timer = setInterval(() => {
                          if (!fs.existsSync('/data/end')) return;
                          console.log(fs.readFileSync('/data/end', 'utf8'));
                          clearInterval(timer);
                        }, 50);
                        """);
        try (var program =
                Program.start(folder, List.of("run", "--name", "it", script.toString()))) {
            program.awaitOutput("ready");
            assertEquals(new Result(0, "from Node", ""), fs("cat", "it:/data/a"));
            assertTrue(fs("ls", "it:/data", "--json").output().contains("\"name\":\"sub\""));
            assertTrue(fs("stat", "it:/data/a").output().contains("size      9\n"));
            assertEquals(new Result(0, "9\t/data\n", ""), fs("du", "-s", "it:/data"));
            assertEquals(
                    new Result(1, "", "podium: '/none': No such file or directory\n"),
                    fs("cat", "it:/none"));
            assertEquals(new Result(1, "", "podium: no such pod 'other'\n"), fs("ls", "other:/"));
            var big = new byte[20 << 20];
            new java.util.Random(1).nextBytes(big);
            Files.write(folder.resolve("big"), big);
            assertEquals(
                    new Result(0, "", ""), fs("cp", folder.resolve("big").toString(), "it:/data"));
            assertEquals(
                    new Result(0, "", ""),
                    fs("cp", "it:/data/big", folder.resolve("back").toString()));
            assertEquals(-1, Files.mismatch(folder.resolve("big"), folder.resolve("back")));
            var archive = folder.resolve("data.tar.gz").toString();
            assertEquals(0, fs("export", "it:/data", archive).status());
            assertEquals(0, fs("import", archive, "it:/copy").status());
            assertEquals(new Result(0, "from Node", ""), fs("cat", "it:/copy/a"));
            assertEquals(new Result(0, "", ""), fs("rm", "-r", "it:/copy"));
            var host = Files.createDirectory(folder.resolve("host"));
            Files.writeString(host.resolve("there"), "host's own");
            assertEquals(
                    new Result(0, "", ""),
                    fs("mount", "it:/mnt", "--type", "host", "--source", host.toString()));
            assertEquals(new Result(0, "host's own", ""), fs("cat", "it:/mnt/there"));
            assertEquals(new Result(0, "", ""), fs("umount", "it:/mnt"));
            var end = Files.writeString(folder.resolve("end"), "from the host");
            assertEquals(new Result(0, "", ""), fs("cp", end.toString(), "it:/data/end"));
            var ended = program.await();
            assertEquals(0, ended.status(), ended.error());
            assertEquals("ready\nfrom the host\n", ended.output());
        }
    }

    @Test
    void streamsThroughPipes() throws Exception {
        var script =
                Files.writeString(
                        folder.resolve("wait.js"),
                        "console.log('ready'); setInterval(() => {}, 1000);");
        try (var program =
                Program.start(folder, List.of("run", "--name", "it", script.toString()))) {
            program.awaitOutput("ready");
            var podium = Program.PODIUM.toString();
            var piped =
                    Program.ended(
                            folder,
                            List.of(
                                    "sh",
                                    "-c",
                                    podium
                                            + " fs export it:/app | "
                                            + podium
                                            + " fs import - it:/again"
                                            + " && "
                                            + podium
                                            + " fs tree it:/again"));
            assertEquals(0, piped.status(), piped.error());
            assertTrue(piped.output().contains("└── wait.js"), piped.output());
            assertTrue(piped.error().contains("imported 1 entry"), piped.error());
            var script2 =
                    "printf 'x%.0s' $(seq 1 1000) > "
                            + folder
                            + "/t; head -c 100 "
                            + folder
                            + "/t | "
                            + podium
                            + " fs import - it:/bad";
            var refused = Program.ended(folder, List.of("sh", "-c", script2));
            assertEquals(1, refused.status());
            assertEquals(1, refused.error().lines().count(), refused.error());
            program.signal("TERM");
            var unused = program.await();
        }
    }
}
