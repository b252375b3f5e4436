package podium.cli;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.TypeConversionException;

/// `--dir HOST:GUEST[:ro]`.
///
/// @param host absolute
/// @param guest absolute
record DirectoryOption(String host, String guest, boolean readOnly) implements Serializable {

    private static final long serialVersionUID = 1;

    private static final String READ_ONLY = ":ro";

    static DirectoryOption parse(String text) {
        boolean readOnly = text.endsWith(READ_ONLY);
        var both = readOnly ? text.substring(0, text.length() - READ_ONLY.length()) : text;
        int colon = both.lastIndexOf(':');
        if (colon <= 0 || !both.startsWith("/", colon + 1))
            throw new TypeConversionException(
                    "'" + text + "' is not HOST:GUEST[:ro] with an absolute path for the guest");
        var host = Path.of(both.substring(0, colon)).toAbsolutePath().normalize();
        return new DirectoryOption(host.toString(), both.substring(colon + 1), readOnly);
    }

    void check() throws CommandException {
        if (!Files.isDirectory(Path.of(host)))
            throw new CommandException("cannot grant '" + host + "': there is no such folder");
    }
}
