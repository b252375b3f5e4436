package podium.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import podium.json.Json;
import podium.vfs.CheckReport;
import podium.vfs.MountException;
import podium.vfs.MountSpec;

/// Checks a source in the container, and prints what is found.
final class SourceCheck implements CheckReport {

    private final FsSession session;
    private final boolean json;

    SourceCheck(FsSession session, boolean json) {
        this.session = session;
        this.json = json;
    }

    /// @throws CommandException it cannot be checked, or repaired
    void run(MountSpec spec, boolean repair) throws IOException, CommandException {
        try {
            var result = session.vfs().check(spec, repair, this);
            if (json) {
                var members = new LinkedHashMap<String, Object>();
                members.put("problems", result.problems());
                members.put("repaired", result.repaired());
                session.print(Json.write(members));
            }
            session.end(result.status());
        } catch (MountException e) {
            throw new CommandException(CommandException.message(e), FsOffline.FAILED);
        }
    }

    @Override
    public void problem(String line) {
        print("problem", line);
    }

    @Override
    public void note(String line) {
        print("note", line);
    }

    private void print(String kind, String line) {
        try {
            session.print(json ? Json.write(Map.of(kind, line)) : line);
        } catch (IOException _) {
            session.cancel(); // nobody reads it: progress ends the check
        }
    }

    @Override
    public boolean progress(long files, long bytes, long total) {
        return session.progress(files, bytes, total);
    }
}
