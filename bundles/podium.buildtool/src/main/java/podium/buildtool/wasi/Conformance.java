package podium.buildtool.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.buildtool.Assembly;

/// Runs the tests in a folder, their modules and manifests as they stand, and tells how many passed
/// and which failed: `conformance wasi DIR...`. Components are of a later WASI and left out. Exit
/// status 0 if nothing failed, 1 if something did, 2 if it could not run.
public final class Conformance {

    private static final String USAGE = "usage: conformance wasi DIR...";
    private static final String SUFFIX = ".wasm";

    private final List<Path> places;
    private int passed;
    private int components;
    private final List<String> failed = new ArrayList<>();

    private Conformance(List<Path> places) {
        this.places = places;
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            var places = new ArrayList<Path>();
            for (var argument : arguments) {
                if (argument.startsWith("-"))
                    throw new IllegalArgumentException("no option " + argument);
                places.add(Path.of(argument));
            }
            if (places.isEmpty()) throw new IllegalArgumentException("a folder is wanted");
            System.exit(new Conformance(places).run() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(USAGE + ": " + e.getMessage());
        } catch (IOException e) {
            System.err.println("conformance: " + e.getMessage());
        }
        System.exit(2);
    }

    private boolean run() throws IOException, InterruptedException {
        var modules = modules();
        if (modules.isEmpty()) throw new IOException("no " + SUFFIX + " file in " + places);
        try (var system = new Assembly()) {
            for (var module : modules) {
                if (isComponent(module)) components++;
                else report(module, new TestRun(system.kernel(), module).run());
            }
        }
        System.out.printf("%d/%d passed", passed, passed + failed.size());
        if (components > 0) System.out.printf("; %d components left out", components);
        if (!failed.isEmpty()) System.out.print("; failed: " + String.join(" ", failed));
        System.out.println();
        return failed.isEmpty();
    }

    private void report(Path module, @Nullable String failure) {
        var name = module.getFileName().toString().replace(SUFFIX, "");
        if (failure == null) passed++;
        else failed.add(name);
        System.out.println((failure == null ? "passed " : "FAILED ") + name);
        if (failure != null) System.out.println(failure.indent(7).stripTrailing());
    }

    private List<Path> modules() throws IOException {
        var modules = new ArrayList<Path>();
        for (var place : places)
            try (var files = Files.walk(place)) {
                files.filter(Files::isRegularFile)
                        .filter(file -> file.toString().endsWith(SUFFIX))
                        .sorted()
                        .forEach(modules::add);
            }
        return modules;
    }

    /// Told by the layer field of the header.
    private static boolean isComponent(Path module) throws IOException {
        try (var in = Files.newInputStream(module)) {
            var header = in.readNBytes(8);
            return header.length == 8 && header[6] == 1;
        }
    }
}
