package podium.cli;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What `podium run PATH` runs: the folder the guest gets, and the script in it.
///
/// A folder is granted whole. A script alone is granted with the folder of the nearest
/// `package.json` above it, where there is one; otherwise the script and nothing beside it.
///
/// @param name for the pod, made from the folder's or the script's name
/// @param files granted: a folder, or the script's file
/// @param script below [#FOLDER], as Node is told it; empty for what `package.json` says
record Program(String name, String files, String script) implements Serializable {

    private static final long serialVersionUID = 1;

    /// Where the program's files are in the pod.
    static final String FOLDER = "/app";

    private static final List<String> USUAL =
            List.of("index.js", "server.js", "main.js", "app.js", "index.mjs", "index.cjs");

    /// @throws CommandException there is no such file, or nothing in the folder to run
    static Program of(Path path) throws CommandException {
        var absolute = path.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) return ofFolder(absolute);
        if (Files.isRegularFile(absolute)) return ofScript(absolute);
        throw new CommandException("cannot find '" + path + "'");
    }

    private static Program ofFolder(Path folder) throws CommandException {
        if (namesMain(folder)) return new Program(podName(folder), folder.toString(), ".");
        for (var script : USUAL)
            if (Files.isRegularFile(folder.resolve(script)))
                return new Program(podName(folder), folder.toString(), script);
        throw new CommandException(
                "nothing to run in '"
                        + folder
                        + "': no package.json with a main, no index.js, no server.js");
    }

    private static Program ofScript(Path script) {
        var folder = packageFolder(script);
        if (folder != null)
            return new Program(
                    podName(folder), folder.toString(), folder.relativize(script).toString());
        return new Program(podName(script), script.toString(), script.getFileName().toString());
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
            throw new CommandException(
                    "cannot read '" + file + "': " + CommandException.message(e));
        }
    }

    /// A name that can be part of a host name.
    static String podName(Path path) {
        var last = path.getFileName();
        var name = last == null ? "" : last.toString().replaceFirst("\\.[cm]?js$", "");
        name = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        name = name.substring(0, Math.min(48, name.length())).replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "pod" : name;
    }
}
