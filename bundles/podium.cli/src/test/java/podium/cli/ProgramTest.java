package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {

    @TempDir Path folder;

    private Path write(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void folderRunsWhatItsPackageNames() throws Exception {
        write("Hello World!/package.json", "{\"main\": \"x.js\"}");
        var path = folder.resolve("Hello World!");
        assertEquals(new Program("hello-world", path.toString(), "."), Program.of(path));
    }

    @Test
    void folderRunsTheUsualScript() throws Exception {
        write("app/server.js", "");
        write("app/package.json", "{\"name\": \"app\"}");
        var path = folder.resolve("app");
        assertEquals(new Program("app", path.toString(), "server.js"), Program.of(path));
        write("app/index.js", "");
        assertEquals(new Program("app", path.toString(), "index.js"), Program.of(path));
    }

    @Test
    void scriptAloneIsGrantedAlone() throws Exception {
        var script = write("solo.mjs", "");
        assertEquals(new Program("solo", script.toString(), "solo.mjs"), Program.of(script));
    }

    @Test
    void scriptOfAPackageIsGrantedWithIt() throws Exception {
        write("pkg/package.json", "{}");
        var script = write("pkg/src/a.js", "");
        assertEquals(
                new Program("pkg", folder.resolve("pkg").toString(), "src/a.js"),
                Program.of(script));
    }

    @Test
    void complainsInOneLine() throws Exception {
        var missing = folder.resolve("missing.js");
        var e = assertThrows(CommandException.class, () -> Program.of(missing));
        assertEquals("cannot find '" + missing + "'", e.getMessage());
        assertThrows(CommandException.class, () -> Program.of(folder));
        write("bad/package.json", "{\n");
        e = assertThrows(CommandException.class, () -> Program.of(folder.resolve("bad")));
        assertEquals(
                "cannot read '" + folder.resolve("bad/package.json") + "': line 2: '\"' expected",
                e.getMessage());
    }
}
