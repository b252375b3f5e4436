package podium.syscall.net;

import java.util.List;
import podium.syscall.Errno;
import podium.syscall.OpenFile;

/// Files on their way through a socket (SCM_RIGHTS), each with a use of its own. Ends by exactly
/// one
/// of [#take] and [#drop].
final class Rights {

    private final PodNetwork network;
    private final List<OpenFile> files;

    /// Takes over the files' uses.
    ///
    /// @throws podium.syscall.ErrnoException `ETOOMANYREFS` at the pod's limit; the uses are ended
    Rights(PodNetwork network, List<OpenFile> files) {
        this.network = network;
        this.files = List.copyOf(files);
        if (network.filesInFlight.addAndGet(files.size()) > PodNetwork.FILES_IN_FLIGHT) {
            drop();
            throw Errno.ETOOMANYREFS.exception();
        }
    }

    /// Hands the files over with their uses.
    List<OpenFile> take() {
        network.filesInFlight.addAndGet(-files.size());
        return files;
    }

    /// Looks at the files (MSG_PEEK): with further uses for who takes them.
    List<OpenFile> share() {
        files.forEach(OpenFile::retain);
        return files;
    }

    /// Nobody wants them.
    void drop() {
        take().forEach(OpenFile::release);
    }
}
