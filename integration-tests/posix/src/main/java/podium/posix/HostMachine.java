package podium.posix;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import podium.cli.Trees;
import podium.pod.Result;

/// Linux itself, in a folder of the host: what the others are compared with.
final class HostMachine implements Machine {

    private final Path program;
    private final Path folder;

    /// @param program `calls`, compiled for this machine
    /// @param folder on the file system that is asked
    HostMachine(Path program, Path folder) throws IOException {
        this.program = program;
        this.folder = Files.createTempDirectory(folder, "podium-posix");
        anybody(this.folder);
    }

    private static void anybody(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Override
    public Result run(String directory, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        var process =
                new ProcessBuilder(command)
                        .directory(new File(directory))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output, "");
    }

    @Override
    public String root(String name) throws IOException {
        var root = Files.createDirectory(folder.resolve(name));
        anybody(root);
        return root.toString();
    }

    @Override
    public void remove(String path) throws IOException {
        Trees.remove(Path.of(path));
    }

    @Override
    public void close() throws IOException {
        remove(folder.toString());
    }
}
