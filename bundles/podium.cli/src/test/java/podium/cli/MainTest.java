package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// The program has picocli and itself, and none of the container's classes.
class MainTest {

    private static URL place(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls",
                "cat",
                "cp",
                "rm",
                "tree",
                "stat",
                "du",
                "df",
                "mount",
                "umount",
                "migrate",
                "snapshot",
                "restore",
                "export",
                "import"
            })
    void theProgramNeedsNoApi(String command) throws Exception {
        var jars = new URL[] {place(Main.class), place(CommandLine.class)};
        try (var alone = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            assertThrows(
                    ClassNotFoundException.class, () -> alone.loadClass("podium.vfs.MountSpec"));
            var main = alone.loadClass(Main.class.getName());
            var execute = main.getDeclaredMethod("execute", Path.class, String[].class);
            execute.setAccessible(true);
            var help = new String[] {"fs", command, "--help"};
            assertEquals(0, execute.invoke(null, Path.of("/"), help));
        }
    }
}
