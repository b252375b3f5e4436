package podium.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `podium fs cp`.
@Command(
        name = "cp",
        description = {
            "Copies files from the host to a pod, from a pod to the host, or between pods.",
            "One of the two is POD:PATH. Into a directory that is there, under its own name.",
            "Modes, times and symbolic links are kept."
        })
final class FsCp extends FsSubcommand {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "A path, or POD:PATH.")
    String source;

    @Parameters(index = "1", paramLabel = "TARGET", description = "A path, or POD:PATH.")
    String target;

    @Option(
            names = {"-r", "--recursive"},
            description = "Directories, too, with all that is in them.")
    boolean recursive;

    private static PodPlace place(String text) {
        return new PodPlace.Converter().convert(text);
    }

    @Override
    void check() throws CommandException {
        if (!PodPlace.is(source) && !PodPlace.is(target))
            throw new CommandException(
                    "neither '" + source + "' nor '" + target + "' is in a pod, as POD:PATH is", 2);
        try {
            if (PodPlace.is(source)) place(source);
            if (PodPlace.is(target)) place(target);
        } catch (picocli.CommandLine.TypeConversionException e) {
            throw new CommandException(String.valueOf(e.getMessage()), 2);
        }
    }

    @Override
    String pod() {
        return place(PodPlace.is(source) ? source : target).pod();
    }

    private static Path path(String text, FsSession session) throws CommandException {
        return PodPlace.is(text) ? session.path(place(text)) : session.hostPath(text);
    }

    @Override
    void run(FsSession session) throws Exception {
        var from = path(source, session);
        var to = path(target, session);
        boolean directory = Files.isDirectory(from);
        if (directory && !recursive)
            throw new CommandException("'" + source + "' is a directory (--recursive copies it)");
        var name = from.toRealPath().getFileName();
        if (Files.isDirectory(to) && name != null) to = to.resolve(name.toString());
        else if (target.endsWith("/") && !directory)
            throw new CommandException("'" + target + "' is no directory");
        new TreeCopy(session).copy(from.toRealPath(), to);
    }
}
