package podium.syscall.net;

import static podium.syscall.net.SocketConstants.AF_INET;
import static podium.syscall.net.SocketConstants.AF_INET6;
import static podium.syscall.net.SocketConstants.AF_NETLINK;
import static podium.syscall.net.SocketConstants.AF_UNSPEC;

import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import podium.syscall.Errno;
import podium.syscall.Task;
import podium.syscall.WaitQueue;

/// netlink(7), the part of rtnetlink(7) behind getifaddrs(3): lists of the pod's links and
/// addresses. There are two links, `lo` and `eth0`, the same in every pod. Everything else is
/// answered with `EOPNOTSUPP`.
final class NetlinkSocket extends Socket {

    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_GETADDR = 22;
    private static final int NLM_F_MULTI = 2;
    private static final int NLM_F_DUMP = 0x300;
    private static final int HEADER = 16;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_BROADCAST = 2;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_LABEL = 3;
    private static final int IFA_BROADCAST = 4;

    private static final int ARPHRD_ETHER = 1;
    private static final int ARPHRD_LOOPBACK = 772;
    private static final int IFF_UP = 0x1;
    private static final int IFF_BROADCAST = 0x2;
    private static final int IFF_LOOPBACK = 0x8;
    private static final int IFF_RUNNING = 0x40;
    private static final int IFF_MULTICAST = 0x1000;
    private static final int IFF_LOWER_UP = 0x10000;
    private static final int SCOPE_HOST = 254;

    /// More than getifaddrs(3) asks for at once.
    private static final int MAX_REQUEST = 8192;

    private static final byte[] MAC = {2, 0, 10, 0, 2, 15};
    private static final byte[] BROADCAST_MAC = {-1, -1, -1, -1, -1, -1};
    private static final InetAddress BROADCAST = SockAddr.address(new byte[] {10, 0, 2, -1});

    private final DatagramQueue queue;
    private int port;

    NetlinkSocket(PodNetwork network, int type) {
        super(network, AF_NETLINK, type, 0, new WaitQueue());
        queue = new DatagramQueue(network.buffers, SocketOptions.DEFAULT_BUFFER);
    }

    @Override
    void bind(Task task, SocketName name) {
        if (!(name instanceof SocketName.Netlink wanted)) throw Errno.EINVAL.exception();
        port = wanted.port() == 0 ? task.process().pid() : wanted.port();
    }

    @Override
    int connect(Task task, SocketName name, boolean wait) {
        return name instanceof SocketName.Netlink ? 0 : Errno.EINVAL.negated();
    }

    @Override
    SocketName localName() {
        return new SocketName.Netlink(port);
    }

    @Override
    SocketName peerName() {
        return new SocketName.Netlink(0);
    }

    @Override
    public void shutdown(boolean receive, boolean send) {
        throw Errno.EOPNOTSUPP.exception();
    }

    @Override
    int send(Message message) {
        if (message.remaining() > MAX_REQUEST) return Errno.EMSGSIZE.negated();
        var bytes = message.gather();
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (in.remaining() >= HEADER) {
            int start = in.position();
            int length = in.getInt(start);
            if (length < HEADER || length > in.remaining()) break;
            answer(
                    in.getShort(start + 4),
                    in.getShort(start + 6),
                    in.getInt(start + 8),
                    in,
                    start,
                    length);
            in.position(start + Math.min(in.remaining(), (length + 3) & ~3));
        }
        waiters.wake(IN);
        return bytes.length;
    }

    private void answer(int type, int flags, int sequence, ByteBuffer in, int start, int length) {
        int family = length > HEADER ? in.get(start + HEADER) & 0xff : AF_UNSPEC;
        boolean dump = (flags & NLM_F_DUMP) != 0;
        if (dump && type == RTM_GETLINK) {
            reply(RTM_NEWLINK, sequence, link("lo", 1));
            reply(RTM_NEWLINK, sequence, link("eth0", 2));
        } else if (dump && type == RTM_GETADDR) {
            if (family != AF_INET6) {
                reply(RTM_NEWADDR, sequence, address("lo", 1, PodNetwork.LOOPBACK, 8));
                reply(RTM_NEWADDR, sequence, address("eth0", 2, PodNetwork.OWN, 24));
            }
            if (family != AF_INET)
                reply(RTM_NEWADDR, sequence, address("lo", 1, PodNetwork.LOOPBACK_SIX, 128));
        } else {
            var error = little(4 + HEADER).putInt(Errno.EOPNOTSUPP.negated());
            error.put(in.array(), start, HEADER);
            queue(NLMSG_ERROR, 0, sequence, error.array());
            return;
        }
        queue(NLMSG_DONE, NLM_F_MULTI, sequence, new byte[4]);
    }

    private void reply(int type, int sequence, byte[] body) {
        queue(type, NLM_F_MULTI, sequence, body);
    }

    /// A queue that is full loses messages, which netlink(7) allows.
    private void queue(int type, int flags, int sequence, byte[] body) {
        var out = little(HEADER + body.length);
        out.putInt(HEADER + body.length).putShort((short) type).putShort((short) flags);
        out.putInt(sequence).putInt(port).put(body);
        var from = new SocketName.Netlink(0);
        queue.offer(new DatagramQueue.Datagram(out.array(), from, null, null));
    }

    private static byte[] link(String name, int index) {
        boolean loopback = index == 1;
        int flags = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;
        flags |= loopback ? IFF_LOOPBACK : IFF_BROADCAST | IFF_MULTICAST;
        var head = little(16).putShort((short) AF_UNSPEC);
        head.putShort((short) (loopback ? ARPHRD_LOOPBACK : ARPHRD_ETHER));
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.putInt(index).putInt(flags).putInt(0).array());
        attribute(out, IFLA_IFNAME, text(name));
        attribute(out, IFLA_MTU, little(4).putInt(loopback ? 65_536 : 1500).array());
        attribute(out, IFLA_ADDRESS, loopback ? new byte[6] : MAC);
        attribute(out, IFLA_BROADCAST, loopback ? new byte[6] : BROADCAST_MAC);
        return out.toByteArray();
    }

    private static byte[] address(String name, int index, InetAddress address, int prefix) {
        boolean four = address instanceof Inet4Address;
        var head = little(8).put((byte) (four ? AF_INET : AF_INET6)).put((byte) prefix);
        head.put((byte) 0).put((byte) (index == 1 ? SCOPE_HOST : 0)).putInt(index);
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.array());
        attribute(out, IFA_ADDRESS, address.getAddress());
        if (four) {
            attribute(out, IFA_LOCAL, address.getAddress());
            attribute(out, IFA_LABEL, text(name));
        }
        if (index == 2) attribute(out, IFA_BROADCAST, BROADCAST.getAddress());
        return out.toByteArray();
    }

    private static void attribute(ByteArrayOutputStream out, int type, byte[] value) {
        out.writeBytes(
                little(4).putShort((short) (4 + value.length)).putShort((short) type).array());
        out.writeBytes(value);
        out.writeBytes(new byte[-value.length & 3]);
    }

    private static byte[] text(String name) {
        return (name + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    int receive(Message message) {
        var datagram = queue.next(message);
        if (datagram == null) return Errno.EAGAIN.negated();
        message.name = datagram.from();
        return message.scatter(datagram.bytes());
    }

    @Override
    int available() {
        return queue.available();
    }

    @Override
    public int readiness() {
        return queue.isEmpty() ? OUT : IN | OUT;
    }

    @Override
    protected void closed() {
        queue.close();
        network.closedOne();
    }
}
