package podium.shell;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodManager;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.PortalRule;
import podium.pod.ProcessSpec;

/// Gogo commands `pod:*`. Immediate: the shell holds a command's service only while it runs, and
/// what was started in the background is to go on.
@Component(
        service = PodCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=pod",
            "osgi.command.function=run",
            "osgi.command.function=ps",
            "osgi.command.function=kill",
            "osgi.command.function=ls",
            "osgi.command.function=logs",
            "osgi.command.function=close"
        })
public final class PodCommands {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final PodManager pods;

    /// Output of what was started in the background, by pod and pid.
    private final Map<Key, Tail> outputs = new ConcurrentHashMap<>();

    /// Pods made for one program.
    private final List<Pod> own = new java.util.concurrent.CopyOnWriteArrayList<>();

    private record Key(String pod, int pid) {}

    @Activate
    public PodCommands(@Reference PodManager pods) {
        this.pods = pods;
    }

    @Deactivate
    void stop() {
        own.forEach(Pod::close);
    }

    @Descriptor("runs a program in a pod, to its end or in the background")
    public String run(
            @Descriptor("session") CommandSession session,
            @Descriptor(
                            "the pod: one that is there, or the name of a new one that lives as long as the program")
                    @Parameter(
                            names = {"-p", "--pod"},
                            absentValue = "")
                    String name,
            @Descriptor("scheme of the portals for the ports of a new pod, or 'none'")
                    @Parameter(
                            names = {"-e", "--expose"},
                            absentValue = "http")
                    String expose,
            @Descriptor("working directory")
                    @Parameter(
                            names = {"-w", "--directory"},
                            absentValue = "/")
                    String directory,
            @Descriptor("gives the program the shell's input")
                    @Parameter(
                            names = {"-i", "--interactive"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean interactive,
            @Descriptor("does not wait; see pod:logs for what it writes")
                    @Parameter(
                            names = {"-d", "--detach"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean detach,
            @Descriptor("the program and its arguments") String[] program)
            throws PodException, InterruptedException {
        var there = name.isEmpty() ? null : pods.pod(name);
        var pod = there == null ? pods.create(spec(name, expose)) : there;
        try {
            var spec = ProcessSpec.of(List.of(program)).withDirectory(directory);
            if (detach) return detached(pod, there == null, spec);
            var input = interactive ? session.getKeyboard() : InputStream.nullInputStream();
            return attached(
                    pod, spec.withStreams(input, session.getConsole(), session.getConsole()));
        } catch (PodException | RuntimeException e) {
            detach = false;
            throw e;
        } finally {
            if (!detach && there == null) pod.close();
        }
    }

    private static PodSpec spec(String name, String expose) {
        var spec = PodSpec.of(name);
        return expose.equals("none") ? spec : spec.withPortal(PortalRule.of(expose));
    }

    private String attached(Pod pod, ProcessSpec spec) throws PodException, InterruptedException {
        var process = pod.start(spec);
        try {
            int status = process.exit().get();
            var failure = process.failure();
            if (failure != null) return failure + " (exit code " + status + ")";
            return status == 0 ? "" : "exit code " + status;
        } catch (InterruptedException e) {
            Thread.interrupted();
            process.kill(GRACE);
            return "interrupted";
        } catch (ExecutionException e) {
            throw new PodException("the process was lost: " + e.getMessage(), 1, e);
        }
    }

    private String detached(Pod pod, boolean owned, ProcessSpec spec) throws PodException {
        var output = new Tail();
        var process = pod.start(spec.withStreams(InputStream.nullInputStream(), output, output));
        outputs.put(new Key(pod.name(), process.pid()), output);
        if (owned) {
            own.add(pod);
            process.exit().whenComplete((_, _) -> Thread.ofVirtual().start(() -> ended(pod)));
        }
        return pod.name() + " " + process.pid();
    }

    private void ended(Pod pod) {
        own.remove(pod);
        pod.close();
    }

    @Descriptor("lists processes")
    public String ps() {
        var columns = new Columns("POD", ">PID", "COMMAND");
        for (var pod : pods.pods())
            for (var process : pod.processes())
                columns.add(pod.name(), process.pid(), String.join(" ", process.arguments()));
        return columns.toString();
    }

    @Descriptor("lists pods with what they use")
    public String ls() {
        var columns =
                new Columns("POD", ">PROCESSES", ">THREADS", ">FILES", ">MEMORY", ">CPU", ">CALLS");
        for (var pod : pods.pods()) {
            var usage = pod.usage();
            columns.add(
                    pod.name(),
                    usage.processes(),
                    usage.threads(),
                    usage.openFiles(),
                    Listing.size(usage.memory()),
                    usage.cpuTime() / 1_000_000 + " ms",
                    usage.systemCalls());
        }
        return columns.toString();
    }

    @Descriptor("lists a folder of a pod")
    public String ls(@Descriptor("the pod") String pod, @Descriptor("a path in it") String path)
            throws PodException {
        return Listing.of(found(pod).files(), path);
    }

    @Descriptor("lists the root folder of a pod")
    public String ls(@Descriptor("the pod") String pod) throws PodException {
        return ls(pod, "/");
    }

    @Descriptor("ends a process: SIGTERM, and SIGKILL five seconds later")
    public String kill(@Descriptor("the pod") String pod, @Descriptor("the process") int pid)
            throws PodException, InterruptedException {
        return pid + " ended with exit code " + process(pod, pid).kill(GRACE);
    }

    @Descriptor("sends a signal to a process")
    public void kill(
            @Descriptor("the signal's number")
                    @Parameter(
                            names = {"-s", "--signal"},
                            absentValue = "15")
                    int signal,
            @Descriptor("the pod") String pod,
            @Descriptor("the process") int pid)
            throws PodException {
        process(pod, pid).signal(signal);
    }

    @Descriptor("shows what a program in the background wrote last")
    public String logs(@Descriptor("the pod") String pod, @Descriptor("the process") int pid)
            throws PodException {
        var output = outputs.get(new Key(pod, pid));
        if (output == null)
            throw new PodException(
                    "nothing was started as " + pod + " " + pid + " with pod:run -d");
        return output.text();
    }

    @Descriptor("closes a pod: kills its processes, closes its portals")
    public void close(@Descriptor("the pod") String name) throws PodException {
        found(name).close();
        outputs.keySet().removeIf(key -> key.pod.equals(name));
    }

    private Pod found(String name) throws PodException {
        var pod = pods.pod(name);
        if (pod != null) return pod;
        var names = new ArrayList<String>();
        for (var one : pods.pods()) names.add(one.name());
        throw new PodException(
                "there is no pod named "
                        + name
                        + (names.isEmpty() ? "" : "; there are " + String.join(", ", names)));
    }

    private PodProcess process(String pod, int pid) throws PodException {
        for (var process : found(pod).processes()) if (process.pid() == pid) return process;
        throw new PodException("pod " + pod + " has no process " + pid);
    }
}
