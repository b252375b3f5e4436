package podium.cli;

import java.util.List;
import picocli.CommandLine.Command;

/// `podium fs`: the files of pods that run. A further subcommand is a class, and its name here.
@Command(
        name = "fs",
        description = {
            "Works with the files of pods that run. POD:PATH is an absolute path in a pod.",
            "'check' and 'repair' are for sources that no pod has mounted."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class FsCommand implements CommandGroup {

    static final String NAME = "fs";

    @Override
    public List<Class<?>> subcommands() {
        return List.of(
                FsLs.class,
                FsCat.class,
                FsCp.class,
                FsRm.class,
                FsTree.class,
                FsStat.class,
                FsDu.class,
                FsDf.class,
                FsMount.class,
                FsUmount.class,
                FsMigrate.class,
                FsSnapshot.class,
                FsRestore.class,
                FsCheck.class,
                FsRepair.class,
                FsExport.class,
                FsImport.class);
    }
}
