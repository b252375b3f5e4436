package podium.cli;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.TypeConversionException;

/// `--mount HOST:GUEST`.
record MountOption(String host, String guest) implements Serializable {

    private static final long serialVersionUID = 1;

    static MountOption parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || !text.startsWith("/", colon + 1))
            throw new TypeConversionException(
                    "'" + text + "' is not HOST:GUEST with an absolute path for the guest");
        return new MountOption(text.substring(0, colon), text.substring(colon + 1));
    }

    void check() throws CommandException {
        if (!Files.exists(Path.of(host)))
            throw new CommandException("cannot mount '" + host + "': there is no such file");
    }
}
