package podium.syscall.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import podium.syscall.PodContext;

/// The name server inside a pod, at 127.0.0.53 and, as long as no guest is bound there, at
/// 127.0.0.1, port 53 over UDP. It knows `localhost` and the pod itself; other names it asks the
/// host's resolver for, if the pod is granted that, and otherwise says that there is no such name:
/// musl would wait for seconds for another answer to a REFUSED.
final class Resolver implements AutoCloseable {

    private static final int PORT = 53;

    /// Questions to the host at once; further ones get SERVFAIL.
    private static final int PENDING = 32;

    private static final InetAddress ADDRESS = SockAddr.address(new byte[] {127, 0, 0, 53});

    private final PodContext pod;
    private final Semaphore pending = new Semaphore(PENDING);
    private volatile boolean closed;

    Resolver(PodContext pod) {
        this.pod = pod;
    }

    /// Whether the name server is reached at an address.
    static boolean serves(InetAddress address, int port) {
        return port == PORT && (address.equals(ADDRESS) || address.equals(PodNetwork.LOOPBACK));
    }

    /// Answers a query, now or later. Without an answer for what is no query.
    void answer(byte[] query, Consumer<byte[]> reply) {
        var question = DnsMessage.question(query);
        if (question == null) return;
        if (!question.understood()) {
            reply.accept(question.failure(DnsMessage.NOT_IMPLEMENTED));
            return;
        }
        boolean begun =
                lookUp(
                        question.name(),
                        addresses ->
                                reply.accept(
                                        addresses.isEmpty()
                                                ? question.failure(DnsMessage.NO_SUCH_NAME)
                                                : question.answer(addresses)));
        if (!begun) reply.accept(question.failure(DnsMessage.SERVER_FAILURE));
    }

    /// A host's addresses, now or later.
    NameLookup lookUp(String name) {
        var lookup = new NameLookup();
        if (!lookUp(name, lookup::found)) lookup.refused();
        return lookup;
    }

    /// @param found is given the host's addresses, none if there is no such host, now or later
    /// @return whether the host's resolver, if it is needed, could be asked
    private boolean lookUp(String name, Consumer<List<InetAddress>> found) {
        var known = known(name);
        if (known != null) found.accept(known);
        else if (!pod.network().resolve() || !plausible(name)) found.accept(List.of());
        else if (!pending.tryAcquire()) return false;
        else Thread.ofVirtual().name("podium-dns").start(() -> ask(name, found));
        return true;
    }

    private void ask(String name, Consumer<List<InetAddress>> found) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(InetAddress.getAllByName(name));
        } catch (UnknownHostException e) {
            addresses = List.of();
        } finally {
            pending.release();
        }
        if (!closed) found.accept(addresses);
    }

    private @org.jspecify.annotations.Nullable List<InetAddress> known(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("localhost") || lower.endsWith(".localhost"))
            return List.of(PodNetwork.LOOPBACK, PodNetwork.LOOPBACK_SIX);
        if (lower.equals(pod.hostname().toLowerCase(Locale.ROOT))) return List.of(PodNetwork.OWN);
        return null;
    }

    /// Whether the host should be asked: a name of letters, digits, `-`, `_` and dots, and no
    /// address in text form, which the host's resolver would take for one.
    private static boolean plausible(String name) {
        if (name.isEmpty() || name.length() > 253) return false;
        boolean letters = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.')
                return false;
            letters |= letter;
        }
        int dot = name.lastIndexOf('.');
        return letters && !(dot + 1 < name.length() && Character.isDigit(name.charAt(dot + 1)));
    }

    @Override
    public void close() {
        closed = true;
    }
}
