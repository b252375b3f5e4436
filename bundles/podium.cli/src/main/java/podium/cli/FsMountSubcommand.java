package podium.cli;

import picocli.CommandLine.Parameters;

/// One of `podium fs` that is about what is mounted at a place in a pod, its first parameter.
abstract class FsMountSubcommand extends FsSubcommand {

    @Parameters(
            index = "0",
            paramLabel = "POD[:PATH]",
            description = "Where it is mounted; / without a path.",
            converter = PodPlace.Converter.class)
    PodPlace place;

    @Override
    final String pod() {
        return place.pod();
    }
}
