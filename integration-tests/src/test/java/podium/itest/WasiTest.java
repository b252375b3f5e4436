package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Result;

/// Programs that were compiled for WASI, in a container that outlives them.
class WasiTest {

    private static final String HELLO =
            """
            #include <errno.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            int main(int count, char **arguments) {
              char line[100];
              printf("%d %s %s\\n", count, count > 1 ? arguments[1] : "-", getenv("NAME"));
              FILE *file = fopen("note.txt", "w");
              fprintf(file, "written\\n");
              fclose(file);
              file = fopen("/app/note.txt", "r");
              if (!file) return 1;
              fputs(fgets(line, sizeof line, file), stdout);
              printf("%s\\n", fopen("/tmp/none", "r") ? "?" : strerror(errno));
              while (fgets(line, sizeof line, stdin)) printf("> %s", line);
              fputs("error\\n", stderr);
              return 7;
            }
            """;

    private static final String MISSING =
            """
            __attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_teleport")))
            int teleport(int);
            __attribute__((import_module("acme"), import_name("frob"))) int frob(int);
            int main() { return teleport(1) + frob(2); }
            """;

    /// Reads, writes, and follows a link that leads out.
    private static final String FOLDER =
            """
            #include <errno.h>
            #include <stdio.h>
            #include <string.h>
            int main() {
              char line[100];
              if (fopen("/data/outward", "r") || fopen("/data/../../etc/hostname", "w")) return 1;
              FILE *file = fopen("/data/in.txt", "r");
              if (!file) return 2;
              fputs(fgets(line, sizeof line, file), stdout);
              file = fopen("/data/out.txt", "w");
              if (!file) return puts(strerror(errno)), 3;
              fputs("from the guest\\n", file);
              return fclose(file);
            }
            """;

    /// Gives its child a descriptor where C libraries look for directories.
    private static final String SPAWN =
            """
            #include <spawn.h>
            #include <stdio.h>
            #include <sys/wait.h>
            int main() {
              char *arguments[] = {"child", "from Linux", 0}, *environment[] = {"NAME=value", 0};
              int pid, status;
              posix_spawn_file_actions_t actions;
              posix_spawn_file_actions_init(&actions);
              posix_spawn_file_actions_adddup2(&actions, 1, 3);
              fflush(stdout);
              if (posix_spawn(&pid, "/programs/hello.wasm", &actions, 0, arguments, environment))
                return 1;
              waitpid(pid, &status, 0);
              printf("exited with %d\\n", WEXITSTATUS(status));
            }
            """;

    /// Is given a listening socket as descriptor 0.
    private static final String SERVER =
            """
            #include <poll.h>
            #include <stdio.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <unistd.h>
            int main() {
              char bytes[9] = {0};
              struct pollfd listener = {0, POLLIN, 0};
              if (poll(&listener, 1, 10000) != 1) return 1;
              int client = accept(0, 0, 0);
              if (client < 0) return 2;
              if (recv(client, bytes, 2, MSG_PEEK) != 2 || memcmp(bytes, "pi", 2)) return 3;
              if (recv(client, bytes, 8, MSG_WAITALL) != 8) return 4;
              if (send(client, bytes + 4, 4, 0) != 4) return 5;
              if (shutdown(client, SHUT_WR)) return 6;
              if (recv(client, bytes, 1, 0) != 0) return 7;
              if (shutdown(2, SHUT_WR) == 0) return 8;
              close(client);
              return 9;
            }
            """;

    private static final String CLIENT =
            """
            #include <arpa/inet.h>
            #include <spawn.h>
            #include <stdio.h>
            #include <sys/wait.h>
            #include <unistd.h>
            int main() {
              struct sockaddr_in at = {AF_INET, htons(7000), {htonl(INADDR_LOOPBACK)}};
              int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), pid, status;
              if (bind(listener, (void *)&at, sizeof at) || listen(listener, 1)) return 1;
              posix_spawn_file_actions_t actions;
              posix_spawn_file_actions_init(&actions);
              posix_spawn_file_actions_adddup2(&actions, listener, 0);
              char *arguments[] = {"server", 0}, *environment[] = {0}, reply[9] = {0};
              if (posix_spawn(&pid, "/programs/server.wasm", &actions, 0, arguments, environment))
                return 2;
              usleep(100000);
              int client = socket(AF_INET, SOCK_STREAM, 0);
              if (connect(client, (void *)&at, sizeof at)) return 3;
              write(client, "ping", 4);
              usleep(100000);
              write(client, "pong", 4);
              read(client, reply, 8);
              printf("%s, then %d bytes\\n", reply, (int)read(client, reply, 8));
              shutdown(client, SHUT_WR);
              waitpid(pid, &status, 0);
              printf("exited with %d\\n", WEXITSTATUS(status));
            }
            """;

    private static final String TICKS =
            """
            #include <errno.h>
            #include <stdio.h>
            #include <time.h>
            #include <unistd.h>
            int main() {
              struct timespec now;
              for (int i = 1;; i++) {
                if (clock_gettime(CLOCK_MONOTONIC, &now)) return errno == ENOSYS ? 3 : 4;
                if (usleep(1000)) return errno == ENOSYS ? 3 : 5;
                if (i % 200 == 0 && (printf("%d ticks\\n", i) < 0 || fflush(stdout))) return 3;
              }
            }
            """;

    @TempDir static Path folder;

    private static Home home;
    private static Program container;

    /// The bundle lies where it can be replaced.
    @BeforeAll
    static void start() throws Exception {
        home = Home.in(folder);
        try (var bundles = Files.newDirectoryStream(home.file("bundle"), "podium.syscall.wasi*")) {
            Files.move(bundles.iterator().next(), home.file("load/wasi.jar"));
        }
        container = home.start("start");
        container.awaitError("container started");
        WasiGuest.compile(folder.resolve("hello.wasm"), HELLO);
        WasiGuest.compile(folder.resolve("missing.wasm"), MISSING);
        WasiGuest.compile(folder.resolve("trap.wasm"), "int main() { __builtin_trap(); }");
        WasiGuest.compile(folder.resolve("ticks.wasm"), TICKS);
        // What was dropped into the folder is deployed a moment later.
        for (int i = 0; run("hello.wasm").status() == 126; i++) {
            assertTrue(i < 50, "the bundle is not deployed");
            Thread.sleep(200);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        container.signal("TERM");
        assertEquals(0, container.await().status());
    }

    private static Result run(String module, String... more) throws Exception {
        return home.run(arguments(List.of(), module, more));
    }

    private static String[] arguments(List<String> options, String module, String... more) {
        var all = new ArrayList<>(List.of("run", "--attach"));
        all.addAll(options);
        all.add(folder.resolve(module).toString());
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void aProgramHasArgumentsVariablesFilesAndStreams() throws Exception {
        var input = Files.writeString(folder.resolve("input"), "one\ntwo\n");
        var options = List.of("--env", "NAME=value", "--stdin", input.toString());
        assertEquals(
                new Result(
                        7,
                        "2 first value\nwritten\nNo such file or directory\n> one\n> two\n",
                        "error\n"),
                home.run(arguments(options, "hello.wasm", "first")));
    }

    @Test
    void whatEndsItIsTheExitCode() throws Exception {
        var ended = run("trap.wasm");
        assertEquals(132, ended.status());
        assertTrue(ended.error().contains("unreachable code reached (SIGILL)"), ended.error());
        var endless = home.run(arguments(List.of("--timeout", "0.5"), "ticks.wasm"));
        assertEquals(124, endless.status());
        assertEquals("podium: ended after 0.5 s\n", endless.error());
    }

    @Test
    void missingImportsAreNamed() throws Exception {
        assertEquals(
                new Result(
                        126,
                        "",
                        "podium: cannot execute /app/missing.wasm:"
                                + " wasi_snapshot_preview1.fd_teleport is not provided, acme.frob is"
                                + " not provided\n"),
                run("missing.wasm"));
    }

    @Test
    void aComponentIsRefused() throws Exception {
        Files.write(
                folder.resolve("new.wasm"), new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0, 0, 1, 0});
        assertEquals(
                new Result(
                        126,
                        "",
                        "podium: cannot execute /app/new.wasm: it is a WebAssembly component, as of"
                                + " WASI 0.2; only modules run here, as of WASI 0.1 (wasip1)\n"),
                run("new.wasm"));
    }

    @Test
    void aLinuxProgramExecutesIt() throws Exception {
        var programs = Files.createDirectories(folder.resolve("programs"));
        var hello = Files.copy(folder.resolve("hello.wasm"), programs.resolve("hello.wasm"));
        assertTrue(hello.toFile().setExecutable(true));
        Guest.compile(folder.resolve("spawn.wasm"), SPAWN);
        assertEquals(
                new Result(
                        0,
                        "2 from Linux value\nwritten\nNo such file or directory\nexited with 7\n",
                        "error\n"),
                home.run(arguments(List.of("--mount", programs + ":/programs"), "spawn.wasm")));
    }

    @Test
    void aFolderOfTheHostIsGranted() throws Exception {
        WasiGuest.compile(folder.resolve("folder.wasm"), FOLDER);
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("in.txt"), "from the host\n");
        var outside = Files.writeString(folder.resolve("outside.txt"), "outside\n");
        Files.createSymbolicLink(data.resolve("outward"), outside);
        var out = data.resolve("out.txt");
        assertEquals(
                new Result(3, "from the host\nRead-only file system\n", ""),
                home.run(arguments(List.of("--dir", data + ":/data:ro"), "folder.wasm")));
        assertFalse(Files.exists(out));
        assertEquals(
                new Result(0, "from the host\n", ""),
                home.run(arguments(List.of("--dir", data + ":/data"), "folder.wasm")));
        assertEquals("from the guest\n", Files.readString(out));
    }

    @Test
    void itServesASocketThatItIsGiven() throws Exception {
        var programs = Files.createDirectories(folder.resolve("servers"));
        var server = programs.resolve("server.wasm");
        WasiGuest.compile(server, SERVER);
        assertTrue(server.toFile().setExecutable(true));
        Guest.compile(folder.resolve("client.wasm"), CLIENT);
        var options = List.of("--no-portals", "--mount", programs + ":/programs");
        assertEquals(
                new Result(0, "pong, then 0 bytes\nexited with 9\n", ""),
                home.run(arguments(options, "client.wasm")));
    }

    @Test
    void aHostileProgramHurtsNobody() throws Exception {
        WasiGuest.compile(folder.resolve("hostile.wasm"), resource("hostile-wasi.c"));
        assertEquals(new Result(0, resource("hostile-wasi.txt"), ""), run("hostile.wasm"));
    }

    @Test
    void norDoesOneThatMakesLinuxSystemCalls() throws Exception {
        var module = folder.resolve("linux.wasm");
        Guest.compile(module, resource("hostile-linux.c"), "-fno-builtin");
        assertEquals(new Result(0, resource("hostile-linux.txt"), ""), run("linux.wasm"));
    }

    private static String resource(String name) throws IOException {
        try (var in = WasiTest.class.getClassLoader().getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes());
        }
    }

    /// An update under a running program is nothing it notices; without any, calls fail after a
    /// while, and what would start is told where to get it.
    @Test
    void theFamilyIsReplacedWhileAProgramRuns() throws Exception {
        var jar = home.file("load/wasi.jar");
        var kept = Files.copy(jar, folder.resolve("kept.jar"));
        try (var ticking = home.start(arguments(List.of(), "ticks.wasm"))) {
            ticking.awaitOutput("200 ticks\n");
            var next = NextVersion.of(jar, folder.resolve("next.jar"), "0.1.1", Map.of());
            Files.copy(next, jar, StandardCopyOption.REPLACE_EXISTING);
            long ticks = ticking.output().lines().count();
            ticking.awaitOutput((ticks + 20) * 200 + " ticks\n");
            Files.delete(jar);
            // It cannot even exit: its C library gives up where proc_exit returns.
            assertEquals(132, ticking.await().status());
        }
        assertEquals(
                new Result(
                        126,
                        "",
                        "podium: cannot execute /app/trap.wasm: wasi_snapshot_preview1.proc_exit is"
                                + " not provided; install podium.syscall.wasi\n"),
                run("trap.wasm"));
        Files.copy(kept, jar);
        for (int i = 0; run("trap.wasm").status() == 126; i++) {
            assertTrue(i < 50, "the bundle does not come back");
            Thread.sleep(200);
        }
    }
}
