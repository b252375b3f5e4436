package podium.syscall.net;

import static podium.syscall.net.SocketConstants.*;

import podium.syscall.Errno;

/// The knobs of tcp(7), ip(7) and ipv6(7) that a guest may turn without effect inside its pod, with
/// Linux's defaults.
final class InternetOptions {

    private InternetOptions() {}

    /// @throws podium.syscall.ErrnoException `ENOPROTOOPT` for an option there is none of here
    static int byDefault(Socket socket, int level, int name) {
        int value =
                switch (level) {
                    case IPPROTO_TCP -> socket.type == SOCK_STREAM ? tcp(name) : -1;
                    case IPPROTO_IP -> ip(name);
                    case IPPROTO_IPV6 -> socket.domain == AF_INET6 ? ipv6(name) : -1;
                    default -> -1;
                };
        if (value < 0) throw Errno.ENOPROTOOPT.exception();
        return value;
    }

    private static int tcp(int name) {
        return switch (name) {
            case 2 -> 65_483; // TCP_MAXSEG
            case 3, 9, 18, 23 -> 0; // CORK, DEFER_ACCEPT, USER_TIMEOUT, FASTOPEN
            case 4 -> 7200; // TCP_KEEPIDLE
            case 5 -> 75; // TCP_KEEPINTVL
            case 6 -> 9; // TCP_KEEPCNT
            case 7 -> 6; // TCP_SYNCNT
            case 8 -> 60; // TCP_LINGER2
            case 12 -> 1; // TCP_QUICKACK
            default -> -1;
        };
    }

    private static int ip(int name) {
        return switch (name) {
            case 1, 6, 7, 8, 11, 12, 13 -> 0; // TOS, RECVOPTS, RETOPTS, PKTINFO, RECV*
            case 2 -> 64; // IP_TTL
            case 10 -> 1; // IP_MTU_DISCOVER
            case 15, 24 -> 0; // FREEBIND, BIND_ADDRESS_NO_PORT
            case 32, 35, 36, 39, 40 -> 0; // MULTICAST_IF and memberships
            case 33, 34, 49 -> 1; // MULTICAST_TTL, LOOP, ALL
            default -> -1;
        };
    }

    private static int ipv6(int name) {
        return switch (name) {
            case 16 -> 64; // UNICAST_HOPS
            case 17, 20, 21 -> 0; // MULTICAST_IF and memberships
            case 18, 19 -> 1; // MULTICAST_HOPS, LOOP
            case 23 -> 1; // MTU_DISCOVER
            case 25, 49, 51, 66, 67 -> 0; // RECVERR, RECVPKTINFO, RECVHOPLIMIT, TCLASS
            default -> -1;
        };
    }
}
