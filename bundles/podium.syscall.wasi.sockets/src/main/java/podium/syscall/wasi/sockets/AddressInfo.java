package podium.syscall.wasi.sockets;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import podium.syscall.GuestMemory;
import podium.syscall.LinuxString;

/// The list that getaddrinfo(3) fills in (`__wasi_addrinfo_t`): its items, their addresses and
/// names are the program's, and have as much room as they say.
final class AddressInfo {

    private static final int FLAGS = 0;
    private static final int FAMILY = 2;
    private static final int TYPE = 3;
    private static final int PROTOCOL = 4;
    private static final int ADDRESS_LENGTH = 8;
    private static final int ADDRESS = 12;
    private static final int NAME = 16;
    private static final int NAME_LENGTH = 20;
    private static final int NEXT = 24;
    private static final int SIZE = 28;

    /// `__wasi_sockaddr_t`.
    private static final int DATA_LENGTH = 4;

    private static final int DATA = 8;

    private static final int CANONICAL_NAME = 2;

    private static final int TCP = 1;
    private static final int UDP = 2;

    private final GuestMemory memory;
    private final int most;
    private int item;
    private int count;

    /// @param first the first item
    /// @param most items there are
    AddressInfo(GuestMemory memory, int first, int most) {
        this.memory = memory;
        this.most = most;
        item = first;
    }

    /// What a program asks for.
    record Wanted(int flags, int family, int type, int protocol) {

        static Wanted read(GuestMemory memory, int at) {
            memory.slice(at, SIZE);
            return new Wanted(
                    memory.getShort(at + FLAGS) & 0xffff,
                    memory.getByte(at + FAMILY),
                    memory.getByte(at + TYPE),
                    memory.getByte(at + PROTOCOL));
        }

        boolean knowsFamily() {
            return family >= 0 && family <= Address.INET6;
        }

        boolean knowsType() {
            return type >= 0 && type <= SocketCalls.STREAM && protocol >= 0 && protocol <= UDP;
        }

        private boolean is(int family, int type, int protocol) {
            return (this.family == 0 || this.family == family)
                    && (this.type == 0 || this.type == type)
                    && (this.protocol == 0 || this.protocol == protocol);
        }
    }

    /// Items that are filled in.
    int count() {
        return count;
    }

    /// An address, once for each kind of socket that is asked for, as long as there is room.
    void add(InetAddress address, int port, Wanted wanted, String host) {
        int family = Address.family(address);
        if (wanted.is(family, SocketCalls.STREAM, TCP))
            add(address, port, SocketCalls.STREAM, TCP, wanted, host);
        if (wanted.is(family, SocketCalls.DATAGRAM, UDP))
            add(address, port, SocketCalls.DATAGRAM, UDP, wanted, host);
    }

    private void add(
            InetAddress address, int port, int type, int protocol, Wanted wanted, String host) {
        if (count == most) return;
        memory.slice(item, SIZE);
        int family = Address.family(address);
        if (!putAddress(memory.getInt(item + ADDRESS), family, address, port)) return;
        memory.putShort(item + FLAGS, (short) wanted.flags());
        memory.putByte(item + FAMILY, (byte) family);
        memory.putByte(item + TYPE, (byte) type);
        memory.putInt(item + PROTOCOL, protocol);
        memory.putInt(item + ADDRESS_LENGTH, family == Address.INET4 ? 16 : 28);
        putName((wanted.flags() & CANONICAL_NAME) != 0 && count == 0 ? host : "");
        count++;
        if (count < most) item = memory.getInt(item + NEXT);
    }

    /// What is behind the family in a `struct sockaddr`.
    ///
    /// @return whether there is room for it
    private boolean putAddress(int at, int family, InetAddress address, int port) {
        var data = ByteBuffer.allocate(family == Address.INET4 ? 14 : 26).putShort((short) port);
        if (family == Address.INET6) data.putInt(0);
        data.put(address.getAddress());
        if (memory.getInt(at + DATA_LENGTH) < data.capacity()) return false;
        memory.put(memory.getInt(at + DATA), data.array());
        memory.putByte(at, (byte) family);
        memory.putInt(at + DATA_LENGTH, data.capacity());
        return true;
    }

    private void putName(String name) {
        var bytes = LinuxString.encode(name + "\0");
        int length = 0;
        if (!name.isEmpty() && memory.getInt(item + NAME_LENGTH) >= bytes.length) {
            memory.put(memory.getInt(item + NAME), bytes);
            length = bytes.length - 1;
        }
        memory.putInt(item + NAME_LENGTH, length);
    }
}
