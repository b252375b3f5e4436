package podium.posix;

import java.io.IOException;
import java.util.List;
import podium.pod.PodException;
import podium.pod.Result;

/// Where the calls of scripts are made: a pod, or the host.
interface Machine extends AutoCloseable {

    /// Runs the program `calls`.
    ///
    /// @param directory as [#root] or [#directory] gave it
    Result run(String directory, List<String> arguments)
            throws IOException, PodException, InterruptedException;

    /// A new directory for a script, which anybody may write.
    String root(String name) throws IOException, PodException, InterruptedException;

    /// Removes a tree, as far as there is one.
    void remove(String path) throws IOException, PodException;

    @Override
    void close() throws IOException;
}
