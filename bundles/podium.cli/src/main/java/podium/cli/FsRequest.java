package podium.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import podium.json.Json;

/// What `podium fs` asks a container for, as a line of JSON.
///
/// @param words behind `fs`
/// @param directory where the program was started, for relative paths of the host's
/// @param terminal whether the output is one
/// @param colour whether it may have colours
record FsRequest(List<String> words, String directory, boolean terminal, boolean colour) {

    String write() {
        var members = new LinkedHashMap<String, Object>();
        members.put("words", words);
        members.put("directory", directory);
        members.put("terminal", terminal);
        members.put("colour", colour);
        return Json.write(members);
    }

    /// @throws IllegalArgumentException it is no request
    static FsRequest read(String line) {
        if (!(Json.parse(line) instanceof Map<?, ?> members)
                || !(members.get("directory") instanceof String directory))
            throw new IllegalArgumentException("no request: " + line);
        return new FsRequest(
                ControlReply.strings(members.get("words")),
                directory,
                Boolean.TRUE.equals(members.get("terminal")),
                Boolean.TRUE.equals(members.get("colour")));
    }
}
