package podium.vfs.overlay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import podium.syscall.LinuxString;
import podium.vfs.Node;

/// Names that hide others: a file `.wh.NAME` hides what the layers below have of that name, as in
/// layers
/// of OCI images, whether or not its own layer has something of the name. Any backend can hold
/// them.
final class Whiteouts {

    static final String PREFIX = ".wh.";

    /// A file whose directory is not merged with what the layers below have there, as layers of OCI
    /// images say it. Podium itself hides names one by one.
    private static final String OPAQUE = ".wh..wh..opq";

    /// Where an upper layer keeps what is not yet or no longer in the tree.
    static final String WORK = ".wh..wh..work";

    private static final int NAME_MAX = 255;

    private Whiteouts() {}

    /// Whether a name is not the guest's.
    static boolean reserved(String name) {
        return name.startsWith(PREFIX);
    }

    /// The name that hides another one.
    static String of(String name) {
        var bytes = LinuxString.encode(name);
        if (bytes.length <= NAME_MAX - PREFIX.length()) return PREFIX + name;
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            // No guest's name begins so, so that this hides nothing else.
            return PREFIX + PREFIX + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether a layer's directory hides a name of the layers below.
    static boolean hides(Node.Directory directory, String name) {
        return directory.lookup(of(name)) != null;
    }

    /// Whether a layer's directory hides all that the layers below have in it.
    static boolean isOpaque(Node.Directory directory) {
        return directory.lookup(OPAQUE) != null;
    }

    /// Hides a name of the layers below, from now on for good.
    static void hide(Node.Directory directory, String name) {
        var whiteout = of(name);
        if (directory.lookup(whiteout) == null) directory.create(whiteout, 0, 0, 0);
    }

    static {
        assert PREFIX.getBytes(StandardCharsets.US_ASCII).length == PREFIX.length();
    }
}
