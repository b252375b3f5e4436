package podium.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.List;
import podium.kernel.frozen.ProcessState;
import podium.pod.Pod;
import podium.pod.PodException;
import podium.pod.PodProcess;
import podium.pod.PodSpec;
import podium.pod.ProcessSpec;
import podium.pod.Reactor;
import podium.syscall.Credentials;
import podium.vfs.FsContext;

/// A pod seen from the host.
record PodView(GuestPod pod) implements Pod {

    @Override
    public String name() {
        return pod.name();
    }

    @Override
    public PodSpec spec() {
        return pod.spec();
    }

    @Override
    public Reactor open(ProcessSpec spec) throws PodException {
        return pod.open(spec);
    }

    @Override
    public PodProcess start(ProcessSpec spec) throws PodException {
        return pod.start(spec);
    }

    @Override
    public PodProcess thaw(InputStream from, ProcessSpec spec) throws PodException, IOException {
        return pod.thaw(ProcessState.readFrom(from), spec);
    }

    @Override
    public List<PodProcess> processes() {
        var views = new ArrayList<PodProcess>();
        for (var process : pod.processes()) views.add(new ProcessView(process));
        return views;
    }

    @Override
    public FsContext files() {
        return pod.files();
    }

    @Override
    public FileSystem fileSystem(Credentials who) {
        return pod.fileSystem(who);
    }

    @Override
    public Usage usage() {
        return pod.usage();
    }

    @Override
    public void close() {
        pod.close();
    }

    @Override
    public String toString() {
        return "pod " + pod.name();
    }
}
