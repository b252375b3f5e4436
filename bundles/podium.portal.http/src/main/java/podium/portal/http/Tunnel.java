package podium.portal.http;

import java.io.IOException;
import podium.portal.mina.Client;

/// Bytes both ways after an upgrade, each direction until its end.
final class Tunnel {

    private final Client client;
    private final Upstream upstream;
    private boolean inputEnded;
    private boolean outputEnded;

    Tunnel(Client client, Upstream upstream) {
        this.client = client;
        this.upstream = upstream;
    }

    boolean guestEnded() {
        return outputEnded;
    }

    boolean ended() {
        return inputEnded && outputEnded;
    }

    /// @return bytes carried
    int carry() throws IOException {
        return toGuest() + toClient();
    }

    private int toGuest() throws IOException {
        int carried = 0;
        for (var bytes = client.head(); bytes != null; bytes = client.head()) {
            int n = upstream.write(bytes);
            if (n == 0) return carried;
            client.taken(n);
            carried += n;
        }
        if (client.ended() && !inputEnded) {
            inputEnded = true;
            upstream.shutdownOutput();
        }
        return carried;
    }

    private int toClient() throws IOException {
        int carried = 0;
        while (client.writable() && !outputEnded) {
            var slice = upstream.slice(upstream.input().remaining());
            if (slice == null) {
                if (upstream.ended()) {
                    outputEnded = true;
                    client.shutdownOutput();
                }
                return carried;
            }
            carried += slice.remaining();
            client.write(slice);
        }
        return carried;
    }
}
