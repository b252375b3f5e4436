package podium.buildtool.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What another runtime passes of Node's tests by its own account, in files a module: lines of a
/// module's name, its files, and those that pass. Only to be read beside ours: files are counted
/// there, not outcomes, and which module a file is about may be told otherwise.
final class Peer {

    private final Map<String, String> shares = new HashMap<>();

    private Peer() {}

    static Peer read(Path file) throws IOException {
        var peer = new Peer();
        for (var line : Files.readAllLines(file)) {
            if (line.startsWith("#")) continue;
            var words = line.split(" ");
            if (words.length != 3)
                throw new IOException(file + ": no module, files and passed: " + line);
            peer.shares.put(words[0], words[2] + " of " + words[1]);
        }
        return peer;
    }

    /// @return `passed of files`, or nothing where the other has no such module
    String share(String module) {
        return shares.getOrDefault(module, "");
    }
}
