package podium.buildtool.wasi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.json.Json;

/// How a test is run and what it is to answer: `doc/specification.md` of the test suite, its older
/// form, and the operations `run`, `read` and `wait` of the newer one.
///
/// @param root folder that is the program's `/`, null for none
/// @param output, error expected, null for any
record Manifest(
        List<String> arguments,
        Map<String, String> environment,
        @Nullable Path root,
        int status,
        @Nullable String output,
        @Nullable String error) {

    /// The manifest beside a module; without one, the program is to end with status 0.
    ///
    /// @throws IOException it cannot be read, or asks for what this runner lacks
    static Manifest of(Path module) throws IOException {
        var file = module.resolveSibling(module.getFileName().toString().replace(".wasm", ".json"));
        if (!Files.exists(file)) return new Manifest(List.of(), Map.of(), null, 0, null, null);
        try {
            return of(flat(map(Json.parse(Files.readString(file)))), module);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Manifest of(Map<String, @Nullable Object> members, Path module) {
        var arguments = new ArrayList<String>();
        if (members.get("args") instanceof List<?> list)
            for (var argument : list) arguments.add(String.valueOf(argument));
        var environment = new HashMap<String, String>();
        if (members.get("env") != null)
            map(members.get("env"))
                    .forEach((name, value) -> environment.put(name, String.valueOf(value)));
        return new Manifest(
                arguments,
                environment,
                members.get("root") instanceof String root ? module.resolveSibling(root) : null,
                members.get("exit_code") instanceof Number status ? status.intValue() : 0,
                members.get("stdout") instanceof String output ? output : null,
                members.get("stderr") instanceof String error ? error : null);
    }

    /// The newer form as the older one.
    private static Map<String, @Nullable Object> flat(Map<String, @Nullable Object> manifest) {
        if (!(manifest.get("operations") instanceof List<?> operations)) return manifest;
        var flat = new HashMap<String, @Nullable Object>();
        for (var one : operations) {
            var operation = map(one);
            switch (String.valueOf(operation.get("type"))) {
                case "run", "wait" -> flat.putAll(operation);
                case "read" ->
                        flat.merge(
                                String.valueOf(operation.getOrDefault("id", "stdout")),
                                String.valueOf(operation.get("payload")),
                                (before, more) -> "" + before + more);
                default ->
                        throw new IllegalArgumentException(
                                "the operation " + operation.get("type") + " is not supported");
            }
        }
        return flat;
    }

    @SuppressWarnings("unchecked") // names of members are strings
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) return (Map<String, @Nullable Object>) map;
        throw new IllegalArgumentException("an object is wanted, not " + value);
    }
}
