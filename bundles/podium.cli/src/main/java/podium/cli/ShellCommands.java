package podium.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import picocli.CommandLine;
import podium.pod.PodManager;
import podium.vfs.Archives;
import podium.vfs.Vfs;

/// The subcommands of `podium fs` as Gogo commands `fs:*`, in the container itself. The shell lends
/// each of its sessions [System#in], [System#out] and [System#err].
@Component(
        service = ShellCommands.class,
        property = {
            "osgi.command.scope=fs",
            "osgi.command.function=ls",
            "osgi.command.function=cat",
            "osgi.command.function=cp",
            "osgi.command.function=rm",
            "osgi.command.function=tree",
            "osgi.command.function=stat",
            "osgi.command.function=du",
            "osgi.command.function=mount",
            "osgi.command.function=umount",
            "osgi.command.function=migrate",
            "osgi.command.function=snapshot",
            "osgi.command.function=restore",
            "osgi.command.function=check",
            "osgi.command.function=repair",
            "osgi.command.function=export",
            "osgi.command.function=import"
        })
public final class ShellCommands {

    private final ContainerServices services;

    @Activate
    public ShellCommands(
            @Reference PodManager pods,
            @Reference Vfs vfs,
            @Reference(
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable Archives archives) {
        services = new ContainerServices(pods, vfs, archives);
    }

    public void ls(String[] words) throws Exception {
        run("ls", words);
    }

    public void cat(String[] words) throws Exception {
        run("cat", words);
    }

    public void cp(String[] words) throws Exception {
        run("cp", words);
    }

    public void rm(String[] words) throws Exception {
        run("rm", words);
    }

    public void tree(String[] words) throws Exception {
        run("tree", words);
    }

    public void stat(String[] words) throws Exception {
        run("stat", words);
    }

    public void du(String[] words) throws Exception {
        run("du", words);
    }

    public void mount(String[] words) throws Exception {
        run("mount", words);
    }

    public void umount(String[] words) throws Exception {
        run("umount", words);
    }

    public void migrate(String[] words) throws Exception {
        run("migrate", words);
    }

    public void snapshot(String[] words) throws Exception {
        run("snapshot", words);
    }

    public void restore(String[] words) throws Exception {
        run("restore", words);
    }

    public void check(String[] words) throws Exception {
        run("check", words);
    }

    public void repair(String[] words) throws Exception {
        run("repair", words);
    }

    public void export(String[] words) throws Exception {
        run("export", words);
    }

    /// As Gogo looks for a command whose name Java keeps for itself.
    public void _import(String[] words) throws Exception {
        run("import", words);
    }

    private void run(String name, String[] words) throws Exception {
        var all = new ArrayList<>(List.of(name));
        all.addAll(List.of(words));
        if (all.contains("--help") || all.contains("-h")) {
            var line = CommandLines.of(new FsCommand(), java.nio.file.Path.of("/"));
            java.util.Objects.requireNonNull(line.getSubcommands().get(name)).usage(System.out);
            return;
        }
        FsSubcommand command;
        try {
            command = FsSubcommand.of(all);
        } catch (CommandLine.ParameterException e) {
            throw new CommandException("fs:" + name + ": " + e.getMessage());
        }
        command.check();
        var directory = java.nio.file.Path.of("").toAbsolutePath().toString();
        var session =
                new FsSession(
                        services,
                        new FsRequest(all, directory, true, false),
                        System.in,
                        System.out,
                        ShellCommands::tell);
        command.run(session);
        System.out.flush();
    }

    private static void tell(int kind, String text) throws IOException {
        if (kind != Frame.ERROR) return; // progress
        System.err.write(text.getBytes(StandardCharsets.UTF_8));
        System.err.flush();
    }
}
