package podium.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import podium.pod.NetworkGrants.Rule;

class NetworkGrantsTest {

    private static final NetworkGrants PUBLIC_WEB =
            new NetworkGrants(
                    List.of(
                            new Rule(false, "10.0.0.0/8", 0, 65_535),
                            new Rule(false, "127.0.0.0/8", 0, 65_535),
                            new Rule(true, "0.0.0.0/0", 443, 443),
                            new Rule(true, "2000::/3", 443, 443)),
                    true);

    @ParameterizedTest
    @CsvSource({
        "93.184.216.34,443,true",
        "93.184.216.34,80,false",
        "10.1.2.3,443,false",
        "11.1.2.3,443,true",
        "127.0.0.1,443,false",
        "2606:2800::1,443,true",
        "::1,443,false",
        "fe80::1,443,false"
    })
    void theFirstRuleThatMatchesDecides(String address, int port, boolean allowed) {
        assertEquals(allowed, PUBLIC_WEB.allows(InetAddress.ofLiteral(address), port));
    }

    @Test
    void nothingIsGrantedByDefault() {
        assertEquals(false, NetworkGrants.NONE.allows(InetAddress.ofLiteral("93.184.216.34"), 443));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "::/129",
                "example.org/8",
                "10.0.0.0/x"
            })
    void nonsenseIsRefused(String network) {
        assertThrows(IllegalArgumentException.class, () -> new Rule(true, network, 0, 1));
    }

    @Test
    void portRangesAreRanges() {
        assertThrows(IllegalArgumentException.class, () -> new Rule(true, "::/0", 2, 1));
        assertThrows(IllegalArgumentException.class, () -> new Rule(true, "::/0", 0, 65_536));
    }
}
