package podium.vfs.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static podium.testkit.Backends.content;
import static podium.testkit.Backends.fails;
import static podium.testkit.Backends.file;
import static podium.testkit.Backends.random;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

/// A user's quota of the host's is used up, and there is room again: nothing has to be mounted
/// anew.
/// A process of its own has a C library whose writes know a quota, of all files in a directory
/// together, which the file `quota` in it sets.
class HostQuotaTest {

    private static final String LIBRARY =
            """
            #define _GNU_SOURCE
            #include <dirent.h>
            #include <dlfcn.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/stat.h>
            #include <unistd.h>

            static long long used(const char *top) {
              char path[4096];
              long long sum = 0;
              DIR *all = opendir(top);
              if (!all) return 0;
              for (struct dirent *one; (one = readdir(all)); ) {
                struct stat s;
                snprintf(path, sizeof path, "%s/%s", top, one->d_name);
                if (!lstat(path, &s) && S_ISREG(s.st_mode)) sum += s.st_blocks * 512LL;
              }
              closedir(all);
              return sum;
            }

            static int refuses(int fd, size_t count, off64_t at) {
              char link[64], path[4096], name[4096];
              const char *top = getenv("QUOTA_DIRECTORY");
              snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
              ssize_t length = readlink(link, path, sizeof path - 1);
              if (!top || length < 0) return 0;
              path[length] = 0;
              if (strncmp(path, top, strlen(top))) return 0;
              struct stat s;
              if (fstat(fd, &s) || at + (off64_t) count <= s.st_blocks * 512LL) return 0;
              snprintf(name, sizeof name, "%s/quota", top);
              FILE *file = fopen(name, "r");
              long long quota = -1;
              if (!file) return 0;
              if (fscanf(file, "%lld", &quota) != 1) quota = -1;
              fclose(file);
              if (quota < 0 || used(top) + (long long) count <= quota) return 0;
              errno = EDQUOT;
              return 1;
            }

            ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
              static ssize_t (*next)(int, const void *, size_t, off64_t);
              if (!next) next = dlsym(RTLD_NEXT, "pwrite64");
              return refuses(fd, count, at) ? -1 : next(fd, from, count, at);
            }

            ssize_t write(int fd, const void *from, size_t count) {
              static ssize_t (*next)(int, const void *, size_t);
              if (!next) next = dlsym(RTLD_NEXT, "write");
              off64_t at = lseek64(fd, 0, SEEK_CUR);
              return at >= 0 && refuses(fd, count, at) ? -1 : next(fd, from, count);
            }
            """;

    @TempDir Path folder;

    @Test
    void itGoesOnWhenThereIsRoomAgain() throws Exception {
        var source = Files.writeString(folder.resolve("quota.c"), LIBRARY);
        var library = folder.resolve("quota.so");
        assumeTrue(compiles(source, library), "there is no C compiler");
        var data = Files.createDirectory(folder.resolve("data")).toRealPath();
        var output = folder.resolve("output").toFile();
        var java = ProcessHandle.current().info().command().orElseThrow();
        var command = new ArrayList<>(List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(HostQuotaTest.class.getName(), data.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
        builder.environment().put("LD_PRELOAD", library.toString());
        builder.environment().put("QUOTA_DIRECTORY", data.toString());
        assertEquals(0, builder.start().waitFor(), () -> text(output.toPath()));
        assertTrue(text(output.toPath()).endsWith("done\n"), () -> text(output.toPath()));
        var problems = new ArrayList<String>();
        Check.run(data.resolve("data.db"), false, problems::add);
        assertEquals(List.of(), problems);
    }

    private static boolean compiles(Path source, Path library) throws InterruptedException {
        try {
            return new ProcessBuilder(
                                    "cc",
                                    "-shared",
                                    "-fPIC",
                                    "-o",
                                    library + "",
                                    source + "",
                                    "-ldl")
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// What the process does.
    public static void main(String[] arguments) throws Exception {
        var data = Path.of(arguments[0]);
        var quota = data.resolve("quota");
        try (var fs = Databases.open(data.resolve("data.db"))) {
            var kept = file(fs, "kept", random(300_000, 1));
            fs.sync();
            Files.writeString(quota, "6000000");
            var name = fill(fs);
            fails(Errno.EDQUOT, () -> file(fs, "more", new byte[200_000]));
            assertArrayEquals(random(300_000, 1), content(kept));
            // Removing goes on, as long as the reserve lasts.
            fs.root().unlink(name);
            assertNull(fs.root().lookup(name));
            fs.root().unlink("f0");
            assertNull(fs.root().lookup("f0"));
            Files.writeString(quota, "60000000");
            file(fs, "again", random(500_000, 2));
            fs.sync();
            fs.tree().tick();
            assertEquals(Reserve.SIZE, Files.size(data.resolve("data.db-reserve")));
            assertArrayEquals(random(500_000, 2), content(file(fs, "again")));
            assertArrayEquals(random(300_000, 1), content(kept));
        }
        assertTrue(Files.notExists(data.resolve("data.db-reserve")));
        Files.delete(quota);
        System.out.println("done");
    }

    /// @return the name of the last file
    private static String fill(SqliteFileSystem fs) {
        for (int i = 0; ; i++) {
            var file = fs.root().create("f" + i, 0644, 0, 0);
            try {
                for (int k = 0; k < 10; k++) file.append(ByteBuffer.wrap(random(50_000, i)));
            } catch (ErrnoException e) {
                assertEquals(Errno.EDQUOT, e.errno());
                return "f" + i;
            }
        }
    }
}
