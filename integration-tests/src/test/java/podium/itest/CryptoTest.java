package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `node:crypto` in a pod.
class CryptoTest {

    private static final Path PROGRAMS =
            Program.ROOT.resolve("bundles/podium.guest.node/src/test/js/crypto");

    @TempDir Path folder;

    static Stream<String> programs() throws IOException {
        try (var files = Files.list(PROGRAMS)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    /// What they check themselves, known answers, included: a failed assertion ends them.
    @ParameterizedTest
    @MethodSource("programs")
    void aProgramPrintsWhatItPrintsOnTheRealNode(String name) throws Exception {
        var script = PROGRAMS.resolve(name).toString();
        var real = RealNode.run(folder, "", script);
        assertEquals(0, real.status(), real.error());
        var ours = Program.run(folder, "run", script);
        assertEquals(real.output(), ours.output(), ours.error());
        assertEquals(0, ours.status(), ours.error());
    }

    /// All processes are thawed from one image: nothing random may be in it.
    @Test
    void noTwoProcessesHaveTheSameRandomness() throws Exception {
        var code =
                "const c = require('crypto'); console.log(c.randomBytes(16).toString('hex'));"
                        + " console.log(c.randomUUID()); console.log(c.randomInt(2 ** 47));"
                        + " console.log(c.generateKeySync('aes', { length: 256 }).export().toString('hex'));"
                        + " console.log(crypto.getRandomValues(new Uint32Array(4)).join());"
                        + " c.randomBytes(16, (_, bytes) => console.log(bytes.toString('hex')))";
        var seen = new HashSet<String>();
        for (int i = 0; i < 3; i++) {
            var ended = Program.run(folder, "node", "--", "-e", code);
            assertEquals("", ended.error());
            var values = ended.output().lines().toList();
            assertEquals(6, values.size(), ended.output());
            for (var value : values) assertTrue(seen.add(value), "twice: " + value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"crypto", "node:crypto", "https", "tls", "_tls_wrap", "_tls_common"})
    void aModuleLoads(String name) throws Exception {
        var code = "console.log(Object.keys(require('" + name + "')).sort().join())";
        var flags = List.of("--no-warnings", "-e", code).toArray(String[]::new);
        var real = RealNode.run(folder, "", flags);
        assertNotEquals("", real.output());
        assertEquals(real, Program.run(folder, "node", "--", "--no-warnings", "-e", code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sign: c.createSign('sha256')",
                "Verify: c.createVerify('sha256')",
                "DiffieHellman: c.createDiffieHellman(64)",
                "ECDH: c.createECDH('prime256v1')",
                "RsaKeyPairGenJob: c.generateKeyPairSync('rsa', { modulusLength: 1024 })",
                "KeyObjectHandle of public and private keys: c.createPublicKey('-----BEGIN PUBLIC KEY-----')",
                "parseX509: new c.X509Certificate('-----BEGIN CERTIFICATE-----')",
                "SecureContext: require('tls').createSecureContext()",
                "SecureContext: require('https').createServer().listen(0)",
            })
    void whatIsNotThereSaysSo(String namedCode) throws Exception {
        var name = namedCode.substring(0, namedCode.indexOf(": "));
        var code =
                "const c = require('crypto'); try { "
                        + namedCode.substring(name.length() + 2)
                        + "; console.log('no error') } catch (e) { console.log(e.code, e.message) }";
        var ended = Program.run(folder, "node", "--", "-e", code);
        assertEquals(
                "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM The feature crypto."
                        + name
                        + " is unavailable on the current platform, which is being used to run Node.js\n",
                ended.output(),
                ended.error());
    }
}
