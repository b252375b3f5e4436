package podium.cli;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import podium.json.Json;

/// What `podium run PATH` runs: the folder the guest gets, and the script in it.
///
/// A folder is granted whole. A script alone is granted with the folder of the nearest
/// `package.json` above it, where there is one; otherwise the script and nothing beside it. A
/// WebAssembly module is granted alone, and is the program itself.
///
/// @param name for the pod, made from the folder's or the file's name
/// @param files granted: a folder, or the file
/// @param file below [#FOLDER]: the script as Node is told it, or the module
/// @param module whether it is a WebAssembly module
record Program(String name, String files, String file, boolean module) implements Serializable {

    private static final long serialVersionUID = 1;

    /// Where the program's files are in the pod.
    static final String FOLDER = "/app";

    private static final byte[] WASM = {0, 'a', 's', 'm'};

    private static final List<String> USUAL =
            List.of("index.js", "server.js", "main.js", "app.js", "index.mjs", "index.cjs");

    /// @throws CommandException there is no such file, or nothing in the folder to run
    static Program of(Path path) throws CommandException {
        var absolute = path.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) return ofFolder(absolute);
        if (Files.isRegularFile(absolute))
            return isModule(absolute) ? ofModule(absolute) : ofScript(absolute);
        if (Files.exists(absolute))
            throw new CommandException("'" + path + "' is neither a file nor a folder");
        throw new CommandException("cannot find '" + path + "'");
    }

    /// Told by its name, so that a broken one is not taken for a script, or by how it starts.
    private static boolean isModule(Path file) throws CommandException {
        if (file.toString().endsWith(".wasm")) return true;
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(WASM.length), WASM);
        } catch (IOException e) {
            throw new CommandException("cannot read '" + file + "': " + CommandException.reason(e));
        }
    }

    private static Program ofModule(Path file) {
        return new Program(podName(file), file.toString(), file.getFileName().toString(), true);
    }

    /// What is executed in the pod, from [#FOLDER].
    List<String> command() {
        return module ? List.of("./" + file) : List.of("node", file);
    }

    private static Program ofFolder(Path folder) throws CommandException {
        if (namesMain(folder)) return new Program(podName(folder), folder.toString(), ".", false);
        for (var script : USUAL)
            if (Files.isRegularFile(folder.resolve(script)))
                return new Program(podName(folder), folder.toString(), script, false);
        throw new CommandException(
                "nothing to run in '"
                        + folder
                        + "': no package.json with a main, no index.js, no server.js");
    }

    private static Program ofScript(Path script) {
        var folder = packageFolder(script);
        if (folder != null)
            return new Program(
                    podName(folder),
                    folder.toString(),
                    folder.relativize(script).toString(),
                    false);
        return new Program(
                podName(script), script.toString(), script.getFileName().toString(), false);
    }

    private static @Nullable Path packageFolder(Path script) {
        for (var folder = script.getParent(); folder != null; folder = folder.getParent())
            if (Files.isRegularFile(folder.resolve("package.json"))) return folder;
        return null;
    }

    private static boolean namesMain(Path folder) throws CommandException {
        var file = folder.resolve("package.json");
        if (!Files.isRegularFile(file)) return false;
        try {
            return Json.parse(Files.readString(file)) instanceof java.util.Map<?, ?> manifest
                    && manifest.get("main") instanceof String;
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot read '" + file + "': " + CommandException.reason(e));
        }
    }

    /// A name that can be part of a host name.
    static String podName(Path path) {
        var last = path.getFileName();
        var name = last == null ? "" : last.toString().replaceFirst("\\.([cm]?js|wasm)$", "");
        name = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        name = name.substring(0, Math.min(48, name.length())).replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "pod" : name;
    }
}
