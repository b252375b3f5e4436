package podium.buildtool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import podium.engine.Engine;
import podium.engine.jvm.JvmEngine;
import podium.kernel.Kernel;
import podium.kernel.ModuleCatalog;
import podium.kernel.PodTable;
import podium.kernel.object.Objects;
import podium.kernel.proc.ProcFileSystemType;
import podium.pod.Pod;
import podium.pod.PodSpec;
import podium.syscall.OpenFile;
import podium.syscall.SyscallFamily;
import podium.syscall.fs.ChangeSyscalls;
import podium.syscall.fs.CopySyscalls;
import podium.syscall.fs.DescriptorSyscalls;
import podium.syscall.fs.EventSyscalls;
import podium.syscall.fs.InotifySyscalls;
import podium.syscall.fs.MountSyscalls;
import podium.syscall.fs.PathSyscalls;
import podium.syscall.fs.PollSyscalls;
import podium.syscall.fs.StatusSyscalls;
import podium.syscall.fs.TransferSyscalls;
import podium.syscall.fs.XattrSyscalls;
import podium.syscall.memory.MemorySyscalls;
import podium.syscall.net.MessageCalls;
import podium.syscall.net.Networks;
import podium.syscall.net.OptionCalls;
import podium.syscall.net.SocketCalls;
import podium.syscall.process.CredentialSyscalls;
import podium.syscall.process.FreezeSyscalls;
import podium.syscall.process.ProcessSyscalls;
import podium.syscall.process.SchedulingSyscalls;
import podium.syscall.process.SystemSyscalls;
import podium.syscall.random.RandomSyscalls;
import podium.syscall.signal.SignalSyscalls;
import podium.syscall.thread.ThreadSyscalls;
import podium.syscall.time.TimeSyscalls;
import podium.syscall.wasi.ThreadCalls;
import podium.syscall.wasi.WasiFamilies;
import podium.syscall.webassembly.WebAssemblySyscalls;
import podium.vfs.FileSystemType;
import podium.vfs.MountSpec;
import podium.vfs.host.HostFileSystemType;
import podium.vfs.impl.DevFileSystemType;
import podium.vfs.impl.VfsService;
import podium.vfs.memory.MemoryFileSystemType;

/// The whole system put together by hand, without OSGi: for tools that run guests in the build, and
/// for tests. Its pods begin with an empty root.
public final class Assembly implements AutoCloseable {

    private final Objects objects = new Objects();
    private final ModuleCatalog catalog = new ModuleCatalog();
    private final TimeSyscalls time = new TimeSyscalls();
    private final Kernel kernel;

    public Assembly() {
        this(new JvmEngine());
    }

    public Assembly(Engine engine) {
        this(engine, List.of(new MemoryFileSystemType(), new HostFileSystemType()));
    }

    /// @param backends what pods can mount, beside what the kernel itself makes
    public Assembly(Engine engine, List<? extends FileSystemType> backends) {
        var pods = new PodTable();
        var types = new ArrayList<FileSystemType>(backends);
        types.addAll(List.of(new DevFileSystemType(), new ProcFileSystemType(pods)));
        kernel = new Kernel(new VfsService(types, objects), catalog, pods);
        kernel.add(engine, 0);
        long age = 0;
        for (var family : families()) kernel.add(family, 0, age++);
        for (var family : WasiFamilies.all(objects)) kernel.add(family, 0, age++);
    }

    private List<SyscallFamily> families() {
        return List.of(
                new ChangeSyscalls(),
                new CopySyscalls(),
                new DescriptorSyscalls(),
                new EventSyscalls(objects),
                new InotifySyscalls(),
                new MountSyscalls(),
                new PathSyscalls(),
                new PollSyscalls(objects),
                new StatusSyscalls(),
                new TransferSyscalls(),
                new XattrSyscalls(),
                new SocketCalls(new Networks()),
                new MessageCalls(),
                new OptionCalls(),
                new CredentialSyscalls(),
                new FreezeSyscalls(),
                new ProcessSyscalls(),
                new SchedulingSyscalls(),
                new SystemSyscalls(),
                new SignalSyscalls(),
                new MemorySyscalls(),
                new RandomSyscalls(),
                new WebAssemblySyscalls(),
                new ThreadSyscalls(),
                new ThreadCalls(),
                time);
    }

    public Kernel kernel() {
        return kernel;
    }

    /// Where forms of modules prepared ahead are entered.
    public ModuleCatalog catalog() {
        return catalog;
    }

    /// A pod without installed images: all in memory.
    public static PodSpec spec(String name) {
        return spec(name, MountSpec.of("/", "memory"));
    }

    /// A pod with a given root.
    public static PodSpec spec(String name, MountSpec root) {
        return PodSpec.of(name)
                .withMount(root)
                .withMount(MountSpec.of("/tmp", "memory").withOption("mode", "1777"))
                .withMount(MountSpec.of("/dev", "dev"))
                .withMount(MountSpec.of("/proc", "proc"));
    }

    /// What a file of a pod begins with.
    ///
    /// @param most bytes
    public static byte[] get(Pod pod, String path, int most) {
        var files = pod.files();
        var file = files.namespace().open(files, null, path, OpenFile.O_RDONLY, 0);
        try {
            var into = ByteBuffer.allocate((int) Math.min(most, file.attributes().size()));
            while (into.hasRemaining()) {
                int count = file.read(into);
                if (count <= 0) break;
            }
            return Arrays.copyOf(into.array(), into.position());
        } finally {
            file.release();
        }
    }

    /// Puts a file into a pod.
    public static void put(Pod pod, String path, byte[] content, int mode) {
        var files = pod.files();
        int flags = OpenFile.O_WRONLY | OpenFile.O_CREAT | OpenFile.O_TRUNC;
        var file = files.namespace().open(files, null, path, flags, mode);
        try {
            var from = ByteBuffer.wrap(content);
            while (from.hasRemaining()) {
                int count = file.write(from);
                if (count <= 0) throw new IllegalStateException("writing " + path + ": " + count);
            }
        } finally {
            file.release();
        }
    }

    @Override
    public void close() {
        kernel.close();
        time.close();
        objects.close();
    }
}
