package podium.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.json.Json;

/// What a container answers on its control socket: a line of JSON.
///
/// @param error one line for people, or null
/// @param rows of a table, all of the same length
record ControlReply(@Nullable String error, List<List<String>> rows) {

    static ControlReply of(List<List<String>> rows) {
        return new ControlReply(null, rows);
    }

    static ControlReply failure(String error) {
        return new ControlReply(error, List.of());
    }

    String write() {
        var members = new LinkedHashMap<String, @Nullable Object>();
        members.put("error", error);
        members.put("rows", rows);
        return Json.write(members);
    }

    /// @throws IllegalArgumentException it is no reply
    static ControlReply read(String line) {
        if (!(Json.parse(line) instanceof Map<?, ?> members)
                || !(members.get("rows") instanceof List<?> rows))
            throw new IllegalArgumentException("no reply: " + line);
        var table = new ArrayList<List<String>>();
        for (var row : rows) table.add(strings(row));
        return new ControlReply(members.get("error") instanceof String error ? error : null, table);
    }

    /// @throws IllegalArgumentException it is no list of texts
    static List<String> strings(@Nullable Object json) {
        if (!(json instanceof List<?> list)) throw new IllegalArgumentException("no list: " + json);
        var strings = new ArrayList<String>();
        for (var element : list) {
            if (!(element instanceof String string))
                throw new IllegalArgumentException("no text: " + element);
            strings.add(string);
        }
        return strings;
    }
}
