package podium.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The classes that HotSpot keeps for the next start, by the launcher's options. It writes them at
/// the end of the first process that finds none, whatever that was, and takes them for good from
/// then
/// on. Only a container has the classes that matter, and only those of its bundles: an archive that
/// was not begun by one with the same bundles is removed, so that the next start writes it anew.
final class ClassArchive {

    private static final String NAME = "podium.jsa";

    /// Beside it, says for which bundles it is.
    private static final String STAMP = "podium.jsa.stamp";

    private ClassArchive() {}

    /// A container boots.
    ///
    /// @param fingerprint of its bundles
    static void review(Path home, String fingerprint) {
        var data = home.resolve("data");
        if (!Files.isWritable(data)) return;
        var stamp = new Stamp(data.resolve(STAMP), fingerprint);
        try {
            if (stamp.fits()) return;
            Files.deleteIfExists(data.resolve(NAME));
            stamp.write();
        } catch (IOException e) {
            // Starts are slower then, not wrong.
            System.err.println("podium: " + e.getMessage());
        }
    }
}
