package podium.buildtool.wast;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import podium.buildtool.wast.Converter.Unreadable;
import podium.engine.Engine;
import podium.engine.Instance;
import podium.engine.LinkException;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.jvm.JvmEngine;

/// Runs the scripts in a folder on the engine and tells how many of their commands went as they
/// expect: `conformance --wabt DIR [--json] FILE|DIR...`. Exit status 0 if nothing failed, 1 if
/// something did, 2 if it could not run.
public final class Conformance {

    private static final String USAGE = "usage: conformance wasm [--json] FILE|DIR...";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SUFFIX = ".wast";

    private final Path wabt;
    private final boolean json;
    private final List<Path> places;

    private Conformance(Path wabt, boolean json, List<Path> places) {
        this.wabt = wabt;
        this.json = json;
        this.places = places;
    }

    public static void main(String[] arguments) {
        try {
            System.exit(parse(arguments).run() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(USAGE + ": " + e.getMessage());
        } catch (IOException | Unreadable | ModuleException | LinkException e) {
            System.err.println("conformance: " + e.getMessage());
        }
        System.exit(2);
    }

    private static Conformance parse(String[] arguments) {
        var words = new ArrayDeque<>(List.of(arguments));
        Path wabt = null;
        boolean json = false;
        var places = new ArrayList<Path>();
        while (!words.isEmpty()) {
            var word = words.poll();
            switch (word) {
                case "--json" -> json = true;
                case "--wabt" -> wabt = Path.of(words.poll());
                default -> {
                    if (word.startsWith("-"))
                        throw new IllegalArgumentException("no option " + word);
                    places.add(Path.of(word));
                }
            }
        }
        if (wabt == null) throw new IllegalArgumentException("--wabt is wanted");
        if (places.isEmpty())
            throw new IllegalArgumentException("a folder of .wast files is wanted");
        return new Conformance(wabt, json, places);
    }

    private boolean run() throws IOException, Unreadable, ModuleException, LinkException {
        var scripts = scripts();
        if (scripts.isEmpty()) throw new IOException("no " + SUFFIX + " file in " + places);
        var report = new Report(new PrintStream(System.out, false, StandardCharsets.UTF_8));
        Engine engine = new JvmEngine();
        try (var converter = new Converter(wabt);
                var watchdog = new Watchdog(PATIENCE)) {
            for (var script : scripts) {
                var outcome = new Outcome(name(script));
                var content = Files.readAllBytes(script);
                try (var environment = environment(engine, converter);
                        var runner =
                                new ScriptRunner(engine, content, converter, watchdog, outcome)) {
                    runner.register("spectest", environment);
                    runner.run();
                }
                report.add(outcome);
                if (!json) report.line(outcome);
            }
        }
        if (json) report.json(engine.name());
        else report.sum();
        return report.good();
    }

    /// The module that the scripts import from.
    private static Instance environment(Engine engine, Converter converter)
            throws IOException, Unreadable, ModuleException, LinkException {
        try (var text = Conformance.class.getResourceAsStream("spectest.wat")) {
            if (text == null) throw new IOException("spectest.wat is missing");
            var binary = converter.convert(text.readAllBytes());
            return engine.load(ModuleSource.of("spectest", binary)).instantiate(_ -> null, null);
        }
    }

    private List<Path> scripts() throws IOException {
        var scripts = new ArrayList<Path>();
        for (var place : places)
            try (var files = Files.walk(place)) {
                files.filter(Files::isRegularFile)
                        .filter(file -> file.equals(place) || file.toString().endsWith(SUFFIX))
                        .sorted()
                        .forEach(scripts::add);
            }
        return scripts;
    }

    private String name(Path script) {
        for (var place : places)
            if (Files.isDirectory(place) && script.startsWith(place))
                return place.relativize(script).toString();
        @Nullable Path name = script.getFileName();
        return name == null ? script.toString() : name.toString();
    }
}
