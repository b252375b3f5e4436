package podium.portal;

import java.net.URI;
import java.time.Duration;

/// A guest port that is exposed. Thread-safe.
public interface Portal {

    /// How to reach it, such as `http://hello-http-3000.localhost:8080/` or
    /// `tcp://127.0.0.1:40123`.
    URI uri();

    GuestPort port();

    /// The transport's scheme.
    String scheme();

    /// What went through it.
    Traffic traffic();

    /// Takes no more connections, and ends those there are after the grace. Idempotent.
    ///
    /// @return whether all of them ended by themselves
    boolean close(Duration grace);

    /// Counters since the portal opened.
    ///
    /// @param received bytes towards the guest
    /// @param sent bytes from the guest
    record Traffic(int open, long connections, long received, long sent) {}
}
