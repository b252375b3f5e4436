package podium.syscall.net;

import static podium.syscall.net.SocketConstants.*;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;
import podium.syscall.GuestMemory;
import podium.syscall.OpenFile;
import podium.syscall.Task;

/// `struct msghdr` and `struct cmsghdr` in guest memory: 32-bit pointers and lengths.
final class MessageHeader {

    static final int SIZE = 28;

    private static final int NAME = 0;
    private static final int NAME_LENGTH = 4;
    private static final int VECTORS = 8;
    private static final int VECTOR_COUNT = 12;
    private static final int CONTROL = 16;
    private static final int CONTROL_LENGTH = 20;
    private static final int FLAGS = 24;

    /// sizeof(struct cmsghdr); contents are aligned to 4.
    private static final int CMSG = 12;

    /// UIO_MAXIOV.
    private static final int MAX_VECTORS = 1024;

    /// SCM_MAX_FD.
    private static final int MAX_FILES = 253;

    /// net.core.optmem_max.
    private static final int MAX_CONTROL = 20_480;

    private MessageHeader() {}

    /// Reads a message to send.
    ///
    /// @throws ErrnoException `EINVAL`, `EMSGSIZE`, `EFAULT`, `EBADF`
    static Message outgoing(Task task, Socket socket, int header) {
        var memory = task.memory();
        var message = new Message(vectors(memory, header));
        int name = memory.getInt(header + NAME);
        if (name != 0)
            message.name = SockAddr.read(memory, name, memory.getInt(header + NAME_LENGTH));
        if (socket instanceof UnixSocket) message.sender = Message.Sender.of(task);
        int control = memory.getInt(header + CONTROL);
        int length = memory.getInt(header + CONTROL_LENGTH);
        if (control != 0 && length != 0) control(task, socket, message, control, length);
        return message;
    }

    /// The buffers of a message.
    ///
    /// @throws ErrnoException `EMSGSIZE` for too many, `EINVAL` when the sum is too great, `EFAULT`
    static ByteBuffer[] vectors(GuestMemory memory, int header) {
        int vectors = memory.getInt(header + VECTORS);
        int count = memory.getInt(header + VECTOR_COUNT);
        if (count < 0 || count > MAX_VECTORS) throw Errno.EMSGSIZE.exception();
        var buffers = new ByteBuffer[count];
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int length = memory.getInt(vectors + i * 8 + 4);
            sum += length;
            if (length < 0 || sum > 0x7fff_f000) throw Errno.EINVAL.exception();
            buffers[i] = memory.buffer(memory.getInt(vectors + i * 8), length);
        }
        return buffers;
    }

    private static void control(Task task, Socket socket, Message message, int at, int length) {
        if (length < 0 || length > MAX_CONTROL) throw Errno.ENOBUFS.exception();
        var memory = task.memory();
        var files = new ArrayList<OpenFile>();
        try {
            for (int offset = 0; offset + CMSG <= length; ) {
                int size = memory.getInt(at + offset);
                if (size < CMSG || size > length - offset) throw Errno.EINVAL.exception();
                int level = memory.getInt(at + offset + 4);
                int type = memory.getInt(at + offset + 8);
                if (level == SOL_SOCKET && socket instanceof UnixSocket) {
                    if (type == SCM_RIGHTS) rights(task, at + offset + CMSG, size - CMSG, files);
                    // The kernel states who sends; a guest's claim is not needed.
                    else if (type != SCM_CREDENTIALS) throw Errno.EINVAL.exception();
                }
                offset += align(size);
            }
        } catch (ErrnoException e) {
            files.forEach(OpenFile::release);
            throw e;
        }
        if (!files.isEmpty()) message.rights = new Rights(socket.network, files);
    }

    private static void rights(Task task, int at, int length, List<OpenFile> files) {
        int count = length / 4;
        if (files.size() + count > MAX_FILES) throw Errno.EINVAL.exception();
        for (int i = 0; i < count; i++)
            files.add(task.files().retain(task.memory().getInt(at + i * 4)));
    }

    /// Writes back what a message was received with.
    static void received(Task task, Socket socket, Message message, int header) {
        var memory = task.memory();
        int name = memory.getInt(header + NAME);
        if (name != 0 && message.name != null)
            SockAddr.write(memory, message.name, socket.domain, name, header + NAME_LENGTH);
        else if (name != 0) memory.putInt(header + NAME_LENGTH, 0);
        var out =
                new Control(
                        memory,
                        memory.getInt(header + CONTROL),
                        memory.getInt(header + CONTROL_LENGTH));
        var sender = message.sender;
        if (socket.options.passCredentials && sender != null) out.credentials(sender);
        boolean cut = message.rights != null && !takeFiles(task, message.rights, message, out);
        if (out.cut || cut) message.resultFlags |= MSG_CTRUNC;
        memory.putInt(header + CONTROL_LENGTH, out.used);
        memory.putInt(header + FLAGS, message.resultFlags);
    }

    /// Gives the received files descriptors, as far as there is room for their numbers.
    ///
    /// @return whether all of them got one
    private static boolean takeFiles(Task task, Rights rights, Message message, Control out) {
        var files = message.peek() ? rights.share() : rights.take();
        boolean closeOnExec = (message.flags & MSG_CMSG_CLOEXEC) != 0;
        int room = Math.min(files.size(), out.roomForInts());
        var numbers = new int[room];
        int installed = 0;
        try {
            for (; installed < room; installed++)
                numbers[installed] = task.files().add(files.get(installed), closeOnExec);
        } catch (ErrnoException e) {
            // EMFILE: this one is released; the rest below.
            for (int i = installed + 1; i < files.size(); i++) files.get(i).release();
            out.rights(numbers, installed);
            return false;
        }
        for (int i = room; i < files.size(); i++) files.get(i).release();
        out.rights(numbers, installed);
        return room == files.size();
    }

    private static int align(int length) {
        return (length + 3) & ~3;
    }

    /// Fills a guest's buffer for control messages.
    private static final class Control {

        private final GuestMemory memory;
        private final int address;
        private final int room;
        private int used;
        private boolean cut;

        Control(GuestMemory memory, int address, int room) {
            this.memory = memory;
            this.address = address;
            this.room = address == 0 ? 0 : Math.max(0, room);
        }

        int roomForInts() {
            return Math.max(0, (room - used - CMSG) / 4);
        }

        void credentials(Message.Sender sender) {
            if (room - used < CMSG + 12) {
                cut = true;
                return;
            }
            head(SCM_CREDENTIALS, 12);
            memory.putInt(address + used + CMSG, sender.pid());
            memory.putInt(address + used + CMSG + 4, sender.credentials().uid());
            memory.putInt(address + used + CMSG + 8, sender.credentials().gid());
            used += CMSG + 12;
        }

        void rights(int[] numbers, int count) {
            if (count == 0) return;
            head(SCM_RIGHTS, count * 4);
            for (int i = 0; i < count; i++)
                memory.putInt(address + used + CMSG + i * 4, numbers[i]);
            used += CMSG + count * 4;
        }

        private void head(int type, int length) {
            memory.putInt(address + used, CMSG + length);
            memory.putInt(address + used + 4, SOL_SOCKET);
            memory.putInt(address + used + 8, type);
        }
    }
}
