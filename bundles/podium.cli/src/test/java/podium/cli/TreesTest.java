package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {

    @TempDir Path folder;

    @Test
    void whatALinkLeadsToStays() throws IOException {
        var outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("file"), "stays");
        var tree = Files.createDirectories(folder.resolve("tree/a/b"));
        Files.writeString(tree.resolve("file"), "goes");
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Files.createSymbolicLink(tree.resolve("dangling"), folder.resolve("none"));
        Trees.remove(folder.resolve("tree"));
        assertFalse(Files.exists(folder.resolve("tree")));
        var link = Files.createSymbolicLink(folder.resolve("link"), outside);
        Trees.remove(link);
        assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
        assertEquals("stays", Files.readString(outside.resolve("file")));
    }

    @Test
    void whatIsNotThereIsNoError() throws IOException {
        Trees.remove(folder.resolve("none"));
        var file = Files.createFile(folder.resolve("file"));
        Trees.remove(file);
        assertFalse(Files.exists(file));
        assertTrue(Files.exists(folder));
    }
}
