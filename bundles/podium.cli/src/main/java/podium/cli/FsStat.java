package podium.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import podium.json.Json;

/// `podium fs stat`.
@Command(name = "stat", description = "Tells all about files. Links are not followed.")
final class FsStat extends FsSubcommand {

    @Parameters(arity = "1..*", paramLabel = "POD:PATH", converter = PodPlace.Converter.class)
    List<PodPlace> places = List.of();

    @Option(names = "--json", description = "A line of JSON for each.")
    boolean json;

    @Override
    String pod() {
        return places.getFirst().pod();
    }

    @Override
    void run(FsSession session) throws Exception {
        for (var place : places) {
            var members = members(session.path(place));
            if (json) session.print(Json.write(members));
            else
                for (var member : members.entrySet())
                    session.print("%-9s %s".formatted(member.getKey(), member.getValue()));
        }
    }

    private static Map<String, Object> members(Path path) throws Exception {
        var file = FsFile.of(path);
        var members = new LinkedHashMap<String, Object>();
        members.put("path", path.toString());
        members.put("type", file.type());
        if (file.isLink()) members.put("target", file.target());
        members.put("size", file.longNumber("size"));
        members.put("mode", "%04o".formatted(file.mode() & 07777));
        members.put("uid", file.number("uid"));
        members.put("gid", file.number("gid"));
        members.put("inode", file.longNumber("ino"));
        members.put("links", file.number("nlink"));
        members.put("device", file.longNumber("dev"));
        members.put("modified", file.time("lastModifiedTime"));
        members.put("accessed", file.time("lastAccessTime"));
        members.put("changed", file.time("ctime"));
        members.put("born", file.time("creationTime"));
        if (!file.isLink()) members.put("mount", Files.getFileStore(path).type());
        return members;
    }
}
