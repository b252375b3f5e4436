package podium.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import podium.pod.Result;

/// The distribution, unpacked once more: what a test changes in it, it changes for itself.
///
/// @param path its folder
record Home(Path path) {

    private static final Path DISTRIBUTION = Program.ROOT.resolve("distribution/target/podium");

    /// Makes one.
    ///
    /// @param folder where; the containers' runtime folder is in it, too
    static Home in(Path folder) throws IOException {
        var home = new Home(folder.resolve("home"));
        for (var name : new String[] {"bin", "bundle", "conf", "lib", "load"}) home.copy(name);
        return home;
    }

    private void copy(String name) throws IOException {
        try (var files = Files.walk(DISTRIBUTION.resolve(name))) {
            for (var file : (Iterable<Path>) files::iterator) {
                var target = path.resolve(DISTRIBUTION.relativize(file).toString());
                Files.createDirectories(target.getParent());
                if (!Files.isDirectory(file))
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.createDirectories(path.resolve(name));
    }

    /// A file of it.
    Path file(String name) {
        return path.resolve(name);
    }

    private List<String> command(String... arguments) {
        var command = new ArrayList<>(List.of(file("bin/podium").toString()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    Program start(String... arguments) throws IOException {
        return Program.launch(path.getParent(), command(arguments));
    }

    /// @param environment further variables
    Program start(Map<String, String> environment, String... arguments) throws IOException {
        return Program.launch(path.getParent(), environment, command(arguments));
    }

    Result run(String... arguments) throws Exception {
        return Program.ended(path.getParent(), command(arguments));
    }
}
