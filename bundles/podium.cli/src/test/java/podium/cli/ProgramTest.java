package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertEquals(new Program("hello-world", path.toString(), ".", false), Program.of(path));
    }

    @Test
    void folderRunsTheUsualScript() throws Exception {
        write("app/server.js", "");
        write("app/package.json", "{\"name\": \"app\"}");
        var path = folder.resolve("app");
        assertEquals(new Program("app", path.toString(), "server.js", false), Program.of(path));
        write("app/index.js", "");
        assertEquals(new Program("app", path.toString(), "index.js", false), Program.of(path));
    }

    @Test
    void scriptAloneIsGrantedAlone() throws Exception {
        var script = write("solo.mjs", "");
        assertEquals(new Program("solo", script.toString(), "solo.mjs", false), Program.of(script));
    }

    @Test
    void scriptOfAPackageIsGrantedWithIt() throws Exception {
        write("pkg/package.json", "{}");
        var script = write("pkg/src/a.js", "");
        assertEquals(
                new Program("pkg", folder.resolve("pkg").toString(), "src/a.js", false),
                Program.of(script));
    }

    @Test
    void moduleIsKnownByItsNameOrItsStart() throws Exception {
        var garbage = write("pkg/tool.wasm", "garbage");
        write("pkg/package.json", "{}");
        var named = new Program("tool", garbage.toString(), "tool.wasm", true);
        assertEquals(named, Program.of(garbage));
        assertEquals(List.of("./tool.wasm"), named.command());
        var nameless = write("pkg/tool", "\0asm\1\0\0\0");
        assertEquals(new Program("tool", nameless.toString(), "tool", true), Program.of(nameless));
        var script = write("pkg/wasm", "\0as");
        assertEquals(List.of("node", "wasm"), Program.of(script).command());
    }

    @Test
    void complainsInOneLine() throws Exception {
        var missing = folder.resolve("missing.js");
        var e = assertThrows(CommandException.class, () -> Program.of(missing));
        assertEquals("cannot find '" + missing + "'", e.getMessage());
        assertThrows(CommandException.class, () -> Program.of(folder));
        e = assertThrows(CommandException.class, () -> Program.of(Path.of("/dev/null")));
        assertEquals("'/dev/null' is neither a file nor a folder", e.getMessage());
        write("bad/package.json", "{\n");
        e = assertThrows(CommandException.class, () -> Program.of(folder.resolve("bad")));
        assertEquals(
                "cannot read '" + folder.resolve("bad/package.json") + "': line 2: '\"' expected",
                e.getMessage());
    }
}
