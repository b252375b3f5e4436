package podium.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `node:crypto` in pods, beside what its programs in the guest's suite print.
class CryptoTest {

    @TempDir Path folder;

    /// All processes are thawed from one image: nothing random may be in it.
    @Test
    void noTwoProcessesHaveTheSameRandomness() throws Exception {
        var code =
                "const c = require('crypto'); console.log(c.randomBytes(16).toString('hex'));"
                        + " console.log(Math.random());"
                        + " console.log(c.randomUUID()); console.log(c.randomInt(2 ** 47));"
                        + " console.log(c.generateKeySync('aes', { length: 256 }).export().toString('hex'));"
                        + " console.log(crypto.getRandomValues(new Uint32Array(4)).join());"
                        + " c.randomBytes(16, (_, bytes) => console.log(bytes.toString('hex')))";
        var seen = new HashSet<String>();
        for (int i = 0; i < 3; i++) {
            var ended = Program.run(folder, "node", "--", "-e", code);
            assertEquals("", ended.error());
            var values = ended.output().lines().toList();
            assertEquals(7, values.size(), ended.output());
            for (var value : values) assertTrue(seen.add(value), "twice: " + value);
        }
    }

    @Test
    void whatIsNotThereSaysSo() throws Exception {
        var calls =
                Map.of(
                        "Sign", "c.createSign('sha256')",
                        "Verify", "c.createVerify('sha256')",
                        "DiffieHellman", "c.createDiffieHellman(64)",
                        "ECDH", "c.createECDH('prime256v1')",
                        "RsaKeyPairGenJob", "c.generateKeyPairSync('rsa', { modulusLength: 1024 })",
                        "KeyObjectHandle of public and private keys",
                                "c.createPublicKey('-----BEGIN PUBLIC KEY-----')",
                        "parseX509", "new c.X509Certificate('-----BEGIN CERTIFICATE-----')",
                        "SecureContext", "require('tls').createSecureContext()");
        var code = new StringBuilder("const c = require('crypto');\n");
        var expected = new StringBuilder();
        calls.forEach(
                (name, call) -> {
                    code.append("try { " + call + "; console.log('no error') }")
                            .append(" catch (e) { console.log(e.code, e.message) }\n");
                    expected.append("ERR_FEATURE_UNAVAILABLE_ON_PLATFORM The feature crypto.")
                            .append(name)
                            .append(" is unavailable on the current platform,")
                            .append(" which is being used to run Node.js\n");
                });
        var ended = Program.run(folder, "node", "--", "-e", code.toString());
        assertEquals(expected.toString(), ended.output(), ended.error());
    }
}
