package podium.cli;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium wasm inspect`: what a module has and needs, and whether it can run here. The engines and
/// what imports there are only a container knows.
@Command(
        name = "inspect",
        description =
                "Lists a module's sections, imports and exports, what it makes use of, who provides its"
                        + " imports, and whether the engines take it.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

    private static final long MAX_SIZE = 512L << 20;

    @Parameters(paramLabel = "MODULE", description = "A WebAssembly binary.")
    Path path;

    @Option(names = "--json", description = "One object of JSON.")
    boolean json;

    private final Path home;

    InspectCommand(Path home) {
        this.home = home;
    }

    @Override
    public Integer call() throws Exception {
        var module = read();
        var why = WasmSections.whyNoModule(module);
        if (!why.isEmpty()) throw new CommandException("'" + path + "' " + why);
        var container = Container.boot(home, Map.of(), Container.SHELL);
        try {
            return container.call("inspect", request(module));
        } finally {
            container.stop();
        }
    }

    private byte[] read() throws CommandException {
        try {
            if (Files.isDirectory(path))
                throw new CommandException("'" + path + "' is a folder, not a WebAssembly module");
            if (Files.size(path) > MAX_SIZE)
                throw new CommandException("'" + path + "' is larger than any module may be");
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new CommandException("cannot read '" + path + "': " + CommandException.reason(e));
        }
    }

    private byte[] request(byte[] module) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeUTF(String.valueOf(path.getFileName()));
        out.writeBoolean(json);
        out.write(module);
        return bytes.toByteArray();
    }
}
