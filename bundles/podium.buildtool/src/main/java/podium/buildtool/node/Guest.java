package podium.buildtool.node;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import podium.pod.PodException;
import podium.pod.Result;

/// A Node that tests are run on, one at a time.
interface Guest extends AutoCloseable {

    /// Runs `node ARGUMENT...` in the checkout, in a fresh process, and ends whatever that leaves
    /// running.
    ///
    /// @param arguments paths among them are relative to the checkout
    /// @return status 124 when its time was up
    Result run(List<String> arguments, Map<String, String> environment, Duration timeout)
            throws IOException, PodException, InterruptedException;

    /// Where a program of ours lies, for an option of Node's.
    String place(String resource) throws IOException, PodException;

    @Override
    void close();
}
