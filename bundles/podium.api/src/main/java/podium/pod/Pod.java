package podium.pod;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.time.Duration;
import java.util.List;
import podium.syscall.Credentials;
import podium.vfs.FsContext;

/// One isolated machine: a file system namespace, a loopback network, processes. Thread-safe.
public interface Pod extends AutoCloseable {

    String name();

    PodSpec spec();

    /// Starts a program.
    ///
    /// @throws PodException the program is not there or not executable, or the pod is closed
    PodProcess start(ProcessSpec spec) throws PodException;

    /// Starts a module without a `_start`, whose functions the host calls. Its `_initialize`, if it
    /// has one, is run first.
    ///
    /// @throws PodException as [#start]
    Reactor open(ProcessSpec spec) throws PodException;

    /// Makes a process of one that was frozen ([PodProcess#freeze]), in this pod or another one
    /// that has the same program and files at the same paths. It goes on where it was, under the
    /// number it had.
    ///
    /// @param from what was written; hostile if it likes: the process can do no more than one that
    ///     is started in the pod
    /// @param spec whose streams and trace it has, and its module if the program is in no file;
    ///     nothing else of it counts
    /// @throws PodException it cannot be thawed here: its number, say, is another process's
    /// @throws IOException from the stream, or what it gives is no frozen process
    PodProcess thaw(InputStream from, ProcessSpec spec) throws PodException, IOException;

    /// Runs a program to its end with empty input, and keeps up to 16 MiB of each output.
    ///
    /// @throws PodException as [#start]
    /// @throws InterruptedException the caller was interrupted; the process is killed
    default Result run(String... arguments) throws PodException, InterruptedException {
        return run(ProcessSpec.of(List.of(arguments)), Result.FOREVER);
    }

    /// Runs a program to its end, and keeps up to 16 MiB of each output.
    ///
    /// @param spec of which the outputs are not used
    /// @param timeout after which it is killed; the status is 124 then
    /// @throws PodException as [#start]
    /// @throws InterruptedException the caller was interrupted; the process is killed
    default Result run(ProcessSpec spec, Duration timeout)
            throws PodException, InterruptedException {
        return Result.of(this, spec, timeout);
    }

    /// The living processes, by pid.
    List<PodProcess> processes();

    /// A context for looking at the pod's files from the host, as its superuser, from `/`.
    FsContext files();

    /// The pod's files, as its superuser sees them.
    ///
    /// ```java
    /// Files.writeString(pod.fileSystem().getPath("/tmp/note"), "hi");
    /// ```
    ///
    /// @return as [#fileSystem(Credentials)]
    default FileSystem fileSystem() {
        return fileSystem(Credentials.ROOT);
    }

    /// The pod's files for [java.nio.file.Files], as somebody in the pod sees them: with the same
    /// mounts, permissions and errors as a guest process of these credentials, whose umask is 022
    /// and which works in `/`. Symbolic links are followed inside the pod alone; no path leads to
    /// the host's own files.
    ///
    /// Its provider is the pod's own and not an installed one; paths of other file systems are a
    /// [java.nio.file.ProviderMismatchException], and `Files.copy` and `Files.move` take them all
    /// the same. There are the views `basic`, `posix`, `owner` and `unix` (`ino`, `nlink`, `mode`,
    /// `dev`, `rdev`, `uid`, `gid`, `ctime`), with times in nanoseconds; owners are named by their
    /// numbers. Bytes of names that are no UTF-8 are the characters U+DC80 to U+DCFF
    /// ([podium.syscall.LinuxString]). Channels are [java.nio.channels.FileChannel]s, whose locks
    /// are those of open file descriptions (fcntl(2), F_OFD_SETLK). A
    /// [java.nio.file.WatchService] tells what guests do, as inotify(7) would.
    ///
    /// Thread-safe. An error of the pod's files is the exception that [java.nio.file.Files] names,
    /// such as [java.nio.file.NoSuchFileException], or else a
    /// [java.nio.file.FileSystemException] whose reason is strerror(3)'s text.
    ///
    /// @return the same object for the same credentials until it is closed: by the caller, or with
    ///     the pod. From then on what is done with it is a
    ///     [java.nio.file.ClosedFileSystemException], and its channels are closed
    FileSystem fileSystem(Credentials who);

    /// What the pod has used so far.
    Usage usage();

    /// Kills its processes, closes its portals and unmounts its files. Waits until that is done.
    /// Idempotent.
    @Override
    void close();

    /// What a pod has used.
    ///
    /// @param memory linear memory of its living processes that is really held, in bytes
    /// @param cpuTime of its guest threads, in nanoseconds
    /// @param systemCalls made
    record Usage(
            int processes,
            int threads,
            int openFiles,
            long memory,
            long cpuTime,
            long systemCalls) {}
}
