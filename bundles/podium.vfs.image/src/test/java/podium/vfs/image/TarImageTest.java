package podium.vfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import podium.testkit.ReadOnlyFileSystemContract;
import podium.vfs.FileSystem;
import podium.vfs.Mode;
import podium.vfs.Node;

/// Tars that GNU tar makes, against what find(1) and sha256sum(1) tell of the same tree.
class TarImageTest {

    @TempDir static Path folder;

    private static Path tree;

    @BeforeAll
    static void makeTree() throws Exception {
        tree = Native.tree(folder);
    }

    @Nested
    class Contract extends ReadOnlyFileSystemContract {

        @Override
        protected FileSystem create() throws Exception {
            return Images.mount(tar("contract.tar.gz", "-H posix -S -z"));
        }
    }

    private static Path tar(String name, String options) {
        Native.shell(folder, "tar -C tree %s -cf %s .".formatted(options, name));
        return folder.resolve(name);
    }

    static Stream<Arguments> options() {
        return Stream.of("-H gnu", "-H oldgnu", "-H posix")
                .flatMap(
                        format ->
                                Stream.of(
                                        format, format + " -S", format + " -z", format + " -S -z"))
                .flatMap(
                        options ->
                                options.contains("posix -S")
                                        ? Stream.of(
                                                options,
                                                options + " --sparse-version=0.0",
                                                options + " --sparse-version=0.1")
                                        : Stream.of(options))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyAttributeAndByteIsThere(String options) throws Exception {
        boolean exact = options.contains("posix");
        try (var fs = Images.mount(tar("image", options))) {
            Shape.assertSame(Native.shape(tree, exact), Shape.of(fs, exact));
            assertSame(Shape.find(fs, "d/plain"), Shape.find(fs, "bin/harder"));
        }
    }

    @Test
    void shortNamesFitIntoUstar() throws Exception {
        Native.shell(folder, "tar -C tree -H ustar -cf ustar.tar d/e bin/link");
        try (var fs = Images.mount(folder.resolve("ustar.tar"))) {
            var expected = Native.shape(tree, false);
            var shape = Shape.of(fs, false);
            for (var path : new String[] {"d/e", "d/e/f", "d/e/numbers", "bin/link"})
                assertEquals(expected.get(path), shape.get(path));
            // The directories above were not told of.
            assertEquals(Mode.DIRECTORY | 0755, Shape.find(fs, "bin").attributes().mode());
        }
    }

    @Test
    void holesAreHoles() throws Exception {
        for (var options : new String[] {"-H gnu -S", "-H posix -S"})
            try (var fs = Images.mount(tar("sparse.tar", options))) {
                var file = (Node.Regular) Shape.find(fs, "sparse");
                var attributes = file.attributes();
                assertEquals(20 << 20, attributes.size());
                assertEquals(true, attributes.blocks() < 1000, attributes.toString());
                var holes = Shape.holes(file);
                assertEquals("[4096,7340032)[7344128,20971520)", holes);
                var hole = (Node.Regular) Shape.find(fs, "hole");
                assertEquals("[0,3145728)", Shape.holes(hole));
                assertEquals(0, hole.attributes().blocks());
            }
    }

    @Test
    void theLastOfDuplicatesWins() throws Exception {
        Native.shell(
                folder,
                """
                mkdir dup; cd dup
                printf one > f; mkdir d; printf old > d/x; ln -s f l
                tar -cf ../dup.tar f d l
                printf second > f; rm l; printf file > l; printf new > d/y; chmod 700 d; rm d/x
                tar -rf ../dup.tar f d l
                rm f; mkdir f; printf in > f/in
                tar -rf ../dup.tar f
                """);
        try (var fs = Images.mount(folder.resolve("dup.tar"))) {
            var shape = Shape.of(fs, false);
            assertEquals(7, shape.size(), shape.toString());
            assertEquals(4, Shape.find(fs, "l").attributes().size());
            assertEquals(Mode.DIRECTORY | 0700, Shape.find(fs, "d").attributes().mode());
            assertEquals(2, Shape.find(fs, "f/in").attributes().size());
        }
    }

    @Test
    void devicesHaveTheirNumbers() throws Exception {
        for (var format : new String[] {"gnu", "posix"}) {
            Native.shell(folder, "tar -C /dev -H " + format + " -cf dev.tar null");
            try (var fs = Images.mount(folder.resolve("dev.tar"))) {
                var device = Shape.find(fs, "null").attributes();
                assertEquals(Mode.CHARACTER | 0666, device.mode());
                assertEquals(1L << 8 | 3, device.device());
            }
        }
        var block = new HostileTar().device("b", '4', 259, 70_000).write(folder.resolve("b.tar"));
        try (var fs = Images.mount(block)) {
            var device = Shape.find(fs, "b").attributes();
            assertEquals(Mode.BLOCK, Mode.type(device.mode()));
            assertEquals(70_000 & 0xff | 259 << 8 | (70_000 & ~0xff) << 12, device.device());
        }
    }

    @Test
    void anEmptyOneIsEmpty() throws Exception {
        Native.shell(folder, "tar -cf empty.tar -T /dev/null; tar -czf empty.tar.gz -T /dev/null");
        for (var name : new String[] {"empty.tar", "empty.tar.gz"})
            try (var fs = Images.mount(folder.resolve(name))) {
                assertEquals(Map.of("", "d 755 0:0 at 0"), Shape.of(fs, true));
            }
    }
}
