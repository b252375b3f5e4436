package podium.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import podium.engine.Engine;
import podium.engine.ExternType;
import podium.engine.FunctionType;
import podium.engine.GlobalType;
import podium.engine.MemoryType;
import podium.engine.Module;
import podium.engine.ModuleException;
import podium.engine.ModuleSource;
import podium.engine.TableType;
import podium.engine.TagType;
import podium.json.Json;

/// What is known of a module, for people and for programs.
final class ModuleReport {

    /// The function a program begins with.
    private static final String ENTRY = "_start";

    private final ModuleSource source;
    private final byte[] bytes;
    private final WasmSections sections;
    private final Set<String> features;
    private final List<String> debug;

    /// What each engine says: empty if it takes the module.
    private final Map<String, String> engines = new LinkedHashMap<>();

    /// As the first engine that takes it understands it; null if none does.
    private @Nullable Module module;

    ModuleReport(String name, byte[] bytes) {
        this.bytes = bytes;
        source = ModuleSource.of(name, bytes);
        sections = WasmSections.of(bytes);
        features = WasmFeatures.of(bytes, sections);
        debug = DebugSections.of(bytes, sections);
    }

    /// Lets an engine try.
    void load(Engine engine) {
        try {
            var loaded = engine.load(source);
            if (module == null) module = loaded;
            engines.put(engine.name(), "");
        } catch (ModuleException e) {
            engines.put(engine.name(), String.valueOf(e.getMessage()));
        }
    }

    /// Why it cannot run as a program here, each in a few words.
    List<String> obstacles(ImportProviders providers) {
        var loaded = module;
        if (loaded == null) return List.of("no engine takes it");
        var obstacles = new ArrayList<String>();
        long missing = loaded.imports().stream().filter(i -> providers.of(i).missing()).count();
        if (missing > 0) obstacles.add("imports that nobody provides: " + missing);
        if (loaded.exports().stream().noneMatch(e -> e.name().equals(ENTRY)))
            obstacles.add("no export " + ENTRY + " to begin with");
        return obstacles;
    }

    private static String kind(ExternType type) {
        return switch (type) {
            case FunctionType _ -> "function";
            case MemoryType _ -> "memory";
            case TableType _ -> "table";
            case GlobalType _ -> "global";
            case TagType _ -> "tag";
        };
    }

    private static String describe(ExternType type) {
        return switch (type) {
            case FunctionType function -> function.toString();
            case MemoryType memory ->
                    memory.minimum()
                            + " to "
                            + memory.maximum()
                            + " pages"
                            + (memory.shared() ? ", shared" : "");
            case TableType table ->
                    table.minimum()
                            + (table.maximum() < 0 ? " or more" : " to " + table.maximum())
                            + " of "
                            + table.element();
            case GlobalType global -> (global.mutable() ? "mutable " : "") + global.value();
            case TagType tag -> tag.function().parameters().toString();
        };
    }

    // ---- tables

    private Table sectionRows() {
        var rows = new ArrayList<List<String>>();
        for (var section : sections.sections())
            rows.add(
                    List.of(
                            section.id() == 0 ? "custom" : section.name(),
                            section.id() == 0 ? section.name() : "",
                            "" + section.size(),
                            section.count() < 0 ? "" : "" + section.count()));
        return new Table(List.of("SECTION", "NAME", "BYTES", "ENTRIES"), rows);
    }

    private Table importRows(Module loaded, ImportProviders providers) {
        var rows = new ArrayList<List<String>>();
        for (var wanted : loaded.imports()) {
            var provider = providers.of(wanted);
            rows.add(
                    List.of(
                            wanted.toString(),
                            kind(wanted.type()),
                            describe(wanted.type()),
                            provider.bundle(),
                            provider.note()));
        }
        return new Table(List.of("IMPORT", "KIND", "TYPE", "PROVIDER", "NOTE"), rows);
    }

    private static Table exportRows(Module loaded) {
        var rows = new ArrayList<List<String>>();
        for (var export : loaded.exports())
            rows.add(List.of(export.name(), kind(export.type()), describe(export.type())));
        return new Table(List.of("EXPORT", "KIND", "TYPE"), rows);
    }

    private Table engineRows() {
        var rows = new ArrayList<List<String>>();
        engines.forEach((name, why) -> rows.add(List.of(name, why.isEmpty() ? "yes" : "no", why)));
        return new Table(List.of("ENGINE", "ACCEPTS", "WHY"), rows);
    }

    private List<Table> tables(ImportProviders providers) {
        var tables = new ArrayList<Table>();
        tables.add(sectionRows());
        if (module != null) {
            tables.add(importRows(module, providers));
            tables.add(exportRows(module));
        }
        tables.add(engineRows());
        return tables;
    }

    // ---- for people

    String text(ImportProviders providers) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        out.println(source.name() + ": " + bytes.length + " bytes, sha256 " + source.sha256());
        if (!sections.malformed().isEmpty()) out.println("broken: " + sections.malformed());
        out.println("uses: " + (features.isEmpty() ? "nothing new" : String.join(", ", features)));
        out.println("debug: " + (debug.isEmpty() ? "nothing" : String.join(", ", debug)));
        var obstacles = obstacles(providers);
        out.println(
                "runs: " + (obstacles.isEmpty() ? "yes" : "no: " + String.join(", ", obstacles)));
        for (var table : tables(providers)) {
            if (table.rows().isEmpty()) continue;
            out.println();
            printable(table).print(out, false);
        }
        if (module == null && engines.isEmpty()) out.println("\nthere is no engine");
        return text.toString();
    }

    /// Names are the module's choice, and a terminal obeys control characters.
    private static Table printable(Table table) {
        var rows = new ArrayList<List<String>>();
        for (var row : table.rows()) rows.add(row.stream().map(ModuleReport::printable).toList());
        return new Table(table.columns(), rows);
    }

    private static String printable(String text) {
        var clean = new StringBuilder();
        for (char ch : text.toCharArray())
            if (Character.isISOControl(ch)) clean.append(String.format("\\x%02x", (int) ch));
            else clean.append(ch);
        return clean.toString();
    }

    // ---- for programs

    String json(ImportProviders providers) {
        var all = new LinkedHashMap<String, Object>();
        all.put("name", source.name());
        all.put("bytes", bytes.length);
        all.put("sha256", source.sha256());
        all.put("malformed", sections.malformed());
        all.put("uses", List.copyOf(features));
        all.put("debug", debug);
        all.put("runs", obstacles(providers).isEmpty());
        all.put("obstacles", obstacles(providers));
        for (var table : tables(providers))
            all.put(
                    table.columns().getFirst().toLowerCase(java.util.Locale.ROOT) + "s",
                    objects(table));
        return Json.write(all) + "\n";
    }

    private static List<Object> objects(Table table) {
        var objects = new ArrayList<Object>();
        for (var row : table.rows()) {
            var object = new LinkedHashMap<String, Object>();
            for (int i = 0; i < row.size(); i++)
                object.put(table.columns().get(i).toLowerCase(java.util.Locale.ROOT), row.get(i));
            objects.add(object);
        }
        return objects;
    }
}
