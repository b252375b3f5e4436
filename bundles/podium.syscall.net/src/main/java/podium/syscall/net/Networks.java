package podium.syscall.net;

import java.net.InetSocketAddress;
import java.util.function.UnaryOperator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import podium.portal.GuestPortListener;
import podium.syscall.Errno;
import podium.syscall.PodContext;
import podium.syscall.Process;
import podium.syscall.SocketFile;
import podium.syscall.Sockets;
import podium.syscall.Task;

/// What the networks of all pods share, and the way from a task to its pod's network.
@Component(service = {Networks.class, Sockets.class})
public final class Networks implements Sockets {

    private final GuestPorts guestPorts = new GuestPorts();
    private final HostSelector selector = new HostSelector();
    private final UnaryOperator<InetSocketAddress> route;

    @Activate
    public Networks() {
        this(UnaryOperator.identity());
    }

    /// @param route where an address outside is really connected to
    Networks(UnaryOperator<InetSocketAddress> route) {
        this.route = route;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeListener")
    void addListener(GuestPortListener listener) {
        guestPorts.add(listener);
    }

    void removeListener(GuestPortListener listener) {
        guestPorts.remove(listener);
    }

    @Override
    public SocketFile socket(Task task, boolean six, boolean stream) {
        int domain = six ? SocketConstants.AF_INET6 : SocketConstants.AF_INET;
        return stream ? new TcpSocket(of(task), domain) : new UdpSocket(of(task), domain);
    }

    @Override
    public SocketFile thaw(Process process, byte[] frozen) {
        return FrozenSocket.read(frozen).thaw(of(process.pod()), process);
    }

    @Override
    public Lookup lookUp(Task task, String name) {
        return of(task).resolver.lookUp(name);
    }

    PodNetwork of(Task task) {
        return of(task.process().pod());
    }

    PodNetwork of(PodContext pod) {
        return pod.state(PodNetwork.class, () -> new PodNetwork(pod, guestPorts, selector, route));
    }

    /// The socket of a descriptor.
    ///
    /// @throws podium.syscall.ErrnoException `EBADF`, `ENOTSOCK`
    static Socket socket(Task task, int fd) {
        var file = task.files().get(fd);
        if (file instanceof Socket socket) return socket;
        if ((file.flags() & podium.syscall.OpenFile.O_PATH) != 0) throw Errno.EBADF.exception();
        throw Errno.ENOTSOCK.exception();
    }
}
