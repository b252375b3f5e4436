package podium.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import podium.pod.Limits;
import podium.pod.NetworkGrants;
import podium.pod.PortalRule;
import podium.vfs.MountSpec;

class CommandLinesTest {

    @TempDir Path folder;

    private record Outcome(int status, String error) {}

    private Outcome execute(String... arguments) {
        var error = new StringWriter();
        int status =
                CommandLines.of(new PodiumCommand(), folder, arguments)
                        .setErr(new PrintWriter(error, true))
                        .execute(arguments);
        return new Outcome(status, error.toString());
    }

    @Test
    void wrongUsageIsOneLineAndStatusTwo() {
        for (var arguments :
                List.of(
                        List.of("frob"),
                        List.of("run"),
                        List.of("run", "--memory", "lots", "x"),
                        List.of("run", "--bad", "x"),
                        List.of("run", "--memory", "0", "."),
                        List.of("run", "--processes", "0", "."),
                        List.of("run", "--files", "-1", "."),
                        List.of("run", "--timeout", "-1", "."),
                        List.of("run", "--timeout", "NaN", "."),
                        List.of("run", "--name", "A b", "."),
                        List.of("run", "--env", "=x", "."),
                        List.of("run", "--mount", "here", "."),
                        List.of("run", "--portal", "http:x", "."),
                        List.of("run", "--net", "bad", "."),
                        List.of("kill", "-s", "NO", "pod"),
                        List.of("run", "--fuel", "0", "."),
                        List.of("wasm"),
                        List.of("wasm", "inspect"),
                        List.of("fs"),
                        List.of("fs", "frob"),
                        List.of("fs", "ls"),
                        List.of("fs", "ls", "pod:relative"),
                        List.of("fs", "cat"),
                        List.of("fs", "rm", "--frob", "pod:/x"),
                        List.of("fs", "export", "pod:/", "--format", "rar"),
                        List.of("fs", "import", "a.tar"),
                        List.of("fs", "import", "a.tar", "pod:/", "--max-size", "lots"),
                        List.of("fs", "cp", "a", "b"),
                        List.of("fs", "tree", "-L", "0", "pod:/"),
                        List.of("fs", "mount", "pod:/x", "--read-only"),
                        List.of("fs", "migrate", "pod:/x"),
                        List.of("fs", "migrate", "pod:/x", ":/y"),
                        List.of("fs", "migrate", "pod:/x", "memory", "--pause", "0"),
                        List.of("ls"))) {
            var outcome = execute(arguments.toArray(String[]::new));
            assertEquals(2, outcome.status(), arguments.toString());
            assertEquals(1, outcome.error().lines().count(), outcome.error());
            assertTrue(outcome.error().startsWith("podium"), outcome.error());
        }
    }

    private Set<String> subcommands(String... words) {
        return CommandLines.of(new PodiumCommand(), folder, words).getSubcommands().keySet();
    }

    @Test
    void readsNoMoreThanTheSubcommandNamed() {
        assertEquals(Set.of("run"), subcommands("run", "fs"));
        var fs = CommandLines.of(new PodiumCommand(), folder, "fs", "ls", "run");
        assertEquals(Set.of("fs"), fs.getSubcommands().keySet());
        assertEquals(Set.of("ls"), fs.getSubcommands().get("fs").getSubcommands().keySet());
        var all = subcommands();
        assertEquals(12, all.size());
        for (var words : List.of("help", "--help", "frob", ""))
            assertEquals(all, subcommands(words, "run"), words);
        assertEquals(17, CommandLines.of(new FsCommand(), folder).getSubcommands().size());
    }

    @Test
    void aMissingProgramIsOneLineAndStatusOne() {
        var outcome = execute("run", "missing.js");
        assertEquals(new Outcome(1, "podium: cannot find 'missing.js'\n"), outcome);
    }

    @Test
    void whatIsNoModuleIsOneLine() throws Exception {
        var script = Files.writeString(folder.resolve("a.js"), "let x = 1;");
        var error = "podium: '" + script + "' is not a WebAssembly module\n";
        assertEquals(new Outcome(1, error), execute("wasm", "inspect", script.toString()));
        assertEquals(
                new Outcome(1, error), execute("wasm", "inspect", script.toString(), "--json"));
        assertEquals(1, execute("wasm", "inspect", "missing.wasm").status());
        assertEquals(1, execute("wasm", "inspect", folder.toString()).status());
    }

    /// What a command line asks for, after its way into the container.
    private RunRequest request(String... arguments) throws CommandException {
        var line = CommandLines.of(new PodiumCommand(), folder, arguments);
        var parsed = line.parseArgs(NodeCommand.separate(line, arguments));
        var request =
                switch (parsed.subcommand().commandSpec().userObject()) {
                    case RunCommand run -> run.request();
                    case NodeCommand node -> node.request();
                    case Object other -> throw new AssertionError(other);
                };
        assertEquals(request, RunRequest.of(request.bytes()));
        return request;
    }

    @Test
    void optionsBehindTheProgramAreTheProgramsOwn() throws Exception {
        var script = Files.writeString(folder.resolve("a.js"), "").toString();
        var launch =
                new Launch(request("run", "-e", "A=1", "--env=B=x=y", script, "-e", "--help", "x"));
        assertEquals(
                List.of("node", "a.js", "-e", "--help", "x"), launch.processSpec().arguments());
        assertEquals("/app", launch.processSpec().directory());
        assertEquals(Map.of("A", "1", "B", "x=y"), launch.podSpec().environment());
        assertEquals("a", launch.podSpec().name());
    }

    @Test
    void nothingIsGrantedUnasked() throws Exception {
        var script = Files.writeString(folder.resolve("a.js"), "").toString();
        var spec = new Launch(request("run", script)).podSpec();
        assertEquals(Map.of(), spec.environment());
        assertEquals(List.of(), spec.network().rules());
        assertEquals(1, spec.mounts().size());
        assertEquals(Limits.DEFAULT, spec.limits());
        assertEquals(List.of(PortalRule.of("http")), spec.portals());
        assertEquals(
                List.of(), new Launch(request("run", "--no-portals", script)).podSpec().portals());
    }

    @Test
    void whatIsAskedForIsGranted() throws Exception {
        var script = Files.writeString(folder.resolve("a.js"), "").toString();
        var request =
                request(
                        "run",
                        "--memory=64m",
                        "--files=9",
                        "--fuel=5000000000",
                        "--net=10.0.0.0/8:443",
                        "-p",
                        "tcp:3000=4000",
                        "--timeout=1.5",
                        "--mount",
                        script + ":/data",
                        "--strace",
                        script);
        var spec = new Launch(request).podSpec();
        assertEquals(
                Limits.DEFAULT.withMemory(64 << 20).withFiles(9).withFuel(5_000_000_000L),
                spec.limits());
        assertEquals(
                List.of(new NetworkGrants.Rule(true, "10.0.0.0/8", 443, 443)),
                spec.network().rules());
        assertEquals(List.of(new PortalRule("tcp", 3000, Map.of("port", "4000"))), spec.portals());
        assertEquals(
                List.of("/app", "/data"), spec.mounts().stream().map(MountSpec::target).toList());
        assertEquals(1.5, request.timeout());
        assertEquals("-", request.trace());
    }

    @Test
    void nodeTakesItsArgumentsAsTheyAre() throws Exception {
        var launch =
                new Launch(request("node", "--name", "n", "--", "-e", "console.log(1)", "--x"));
        assertEquals(
                List.of("node", "-e", "console.log(1)", "--x"), launch.processSpec().arguments());
        assertEquals("n", launch.podSpec().name());
    }

    @Test
    void nodesOptionsAreNotPodiums() throws Exception {
        assertEquals(List.of("-e", "1"), request("node", "-e", "1").arguments());
        assertEquals(
                List.of("-p", "1", "--json"), request("node", "-p", "1", "--json").arguments());
        assertEquals(List.of("--version"), request("node", "--version").arguments());
        assertEquals(List.of("-"), request("node", "-").arguments());
        assertEquals(List.of(), request("node").arguments());
        var request =
                request("node", "--env", "A=b", "--memory=64m", "--json", "-e", "1", "--name");
        assertEquals(List.of("-e", "1", "--name"), request.arguments());
        assertEquals(Map.of("A", "b"), request.environment());
        assertEquals(64L << 20, request.memory());
    }
}
