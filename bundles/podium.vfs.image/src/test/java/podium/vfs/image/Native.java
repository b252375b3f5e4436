package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import podium.syscall.LinuxString;

/// The tools of the machine, which make images and tell what is in them.
final class Native {

    private Native() {}

    /// What a program prints.
    static byte[] run(Path in, String... command) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .directory(in.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var output = process.getInputStream().readAllBytes();
            assertEquals(0, process.waitFor(), String.join(" ", command));
            return output;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(String.join(" ", command), e);
        }
    }

    static byte[] shell(Path in, String script) {
        return run(in, "/bin/sh", "-ec", script);
    }

    /// A tree with everything that unprivileged programs can make.
    static Path tree(Path folder) throws IOException {
        var tree = Files.createDirectory(folder.resolve("tree"));
        shell(
                tree,
                """
                umask 022
                mkdir -p d/e/f empty bin
                printf 'some text\\n' > d/plain
                : > d/empty
                head -c 300000 /dev/urandom > d/large
                seq 1 100000 > d/e/numbers
                chmod 4755 d/plain; chmod 600 d/empty; chmod 1777 empty; chmod 2750 d/e
                ln d/plain d/hard; ln d/plain bin/harder
                ln -s ../d/plain bin/link; ln -s /nowhere/at/all dangling; ln -s . loop
                ln -s "$(printf '%0200d' 7)" longlink
                mkfifo pipe; chmod 640 pipe
                name=$(printf '%0240d' 1)
                printf long > "d/$name"
                mkdir -p "$name/$name/$name"; printf deep > "$name/$name/$name/$name"
                printf odd > "$(printf 'd/\\303\\244\\377 \\n x')"
                truncate -s 20M sparse
                printf begin | dd of=sparse conv=notrunc 2>/dev/null
                printf middle | dd of=sparse bs=1M seek=7 conv=notrunc 2>/dev/null
                truncate -s 3M hole
                mkdir many; for i in $(seq 1 300); do : > "many/a file of many $i"; done
                touch -h -d '2001-02-03 04:05:06.789012345 UTC' d/plain bin/link
                touch -d '1969-12-31 23:59:58.5 UTC' d/empty
                touch -d '2039-01-01 00:00:00.000000001 UTC' d/e
                """);
        return tree;
    }

    /// A file system that mke2fs(8) makes.
    static Path ext(Path folder, String name, String size, String options) {
        shell(
                folder,
                "rm -f %s; PATH=$PATH:/usr/sbin:/sbin mke2fs -q -F %s %s %s >mke2fs.log 2>&1 || { cat mke2fs.log >&2; exit 1; }"
                        .formatted(name, options, name, size));
        return folder.resolve(name);
    }

    /// Changes a file system by commands of debugfs(8).
    ///
    /// @return what it prints
    static byte[] debugfs(Path image, String... commands) throws IOException {
        var folder = image.getParent();
        Files.writeString(folder.resolve("commands"), String.join("\n", commands) + "\n");
        return shell(
                folder,
                "PATH=$PATH:/usr/sbin:/sbin debugfs -w -f commands %s 2>&1"
                        .formatted(image.getFileName()));
    }

    /// What find(1) and sha256sum(1) tell of a tree, by path, as [Shape] does.
    ///
    /// @param nanoseconds whether times are told so exactly
    static Map<String, String> shape(Path tree, boolean nanoseconds) {
        var shape = new TreeMap<String, String>();
        var found =
                run(tree, "find", ".", "-printf", "%P\\0%y\\0%m\\0%U\\0%G\\0%s\\0%T@\\0%n\\0%l\\0");
        var fields = split(found);
        for (int i = 0; i < fields.size(); i += 9) {
            var type = fields.get(i + 1);
            boolean file = type.equals("f");
            boolean directory = type.equals("d");
            var size = file || type.equals("l") ? " size " + fields.get(i + 5) : "";
            shape.put(
                    fields.get(i),
                    type
                            + " "
                            + (type.equals("l") ? "777" : fields.get(i + 2))
                            + " "
                            + fields.get(i + 3)
                            + ":"
                            + fields.get(i + 4)
                            + size
                            + " at "
                            + time(fields.get(i + 6), nanoseconds)
                            + (directory ? "" : " links " + fields.get(i + 7))
                            + (type.equals("l") ? " to " + fields.get(i + 8) : ""));
        }
        var sums = split(shell(tree, "find . -type f -print0 | xargs -0 sha256sum -z"));
        for (var sum : sums)
            shape.merge(sum.substring(68), " sha256 " + sum.substring(0, 64), String::concat);
        return shape;
    }

    private static List<String> split(byte[] output) {
        var fields = new ArrayList<String>();
        int from = 0;
        for (int i = 0; i < output.length; i++) {
            if (output[i] != 0) continue;
            fields.add(LinuxString.decode(Arrays.copyOfRange(output, from, i)));
            from = i + 1;
        }
        return fields;
    }

    private static long time(String seconds, boolean nanoseconds) {
        int dot = seconds.indexOf('.');
        long whole = Long.parseLong(seconds.substring(0, dot));
        long nano = Long.parseLong((seconds.substring(dot + 1) + "000000000").substring(0, 9));
        // A moment before 1970 is told as the second before it and what comes to that.
        long all = TimeUnit.SECONDS.toNanos(whole) + nano;
        return nanoseconds ? all : Math.floorDiv(all, 1_000_000_000) * 1_000_000_000;
    }

    static String text(byte[] output) {
        return new String(output, StandardCharsets.UTF_8);
    }
}
