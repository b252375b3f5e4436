package podium.buildtool.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {

    @TempDir Path checkout;

    @BeforeEach
    void folders() throws IOException {
        for (var folder : List.of("parallel", "sequential", "es-module"))
            Files.createDirectories(checkout.resolve("test").resolve(folder));
    }

    private TestFile test(String name, String source) throws IOException {
        var file = Files.writeString(checkout.resolve("test/parallel").resolve(name), source);
        return TestFile.read(checkout, file);
    }

    @Test
    void aTestSaysHowItIsStarted() throws IOException {
        var test =
                test(
                        "test-fs-x.mjs",
                        "// Flags: --expose-internals --a=b\n// Env: TZ=UTC A=b=c\nx();\n");
        assertEquals("parallel/test-fs-x", test.name());
        assertEquals("test/parallel/test-fs-x.mjs", test.path());
        assertEquals(List.of("--expose-internals", "--a=b"), test.flags());
        assertEquals(Map.of("TZ", "UTC", "A", "b=c"), test.environment());
    }

    @Test
    void importsAndCommentsAreNoCode() throws IOException {
        var head = "/* long\n comment */\n'use strict';\nconst common = require('../common');\n";
        assertTrue(test("test-a.js", head + "// assert(x)\nrequire('fs/promises');\n").isEmpty());
        assertTrue(test("test-b.js", "import { a } from 'b';\nimport 'node:c';\n").isEmpty());
        assertFalse(test("test-c.js", head + "require('fs').readFileSync('x');\n").isEmpty());
        assertFalse(test("test-e.mjs", "import '../fixtures/x.mjs';\n").isEmpty());
        assertFalse(test("test-d.js", head + "f('http://x');\n").isEmpty());
    }

    @Test
    void whatAsksForAFeatureIsConditional() throws IOException {
        assertTrue(test("test-a.js", "if (common.hasIntl) f();\n").isConditional());
        assertTrue(test("test-b.js", "if (!process.features.inspector) f();\n").isConditional());
        assertFalse(test("test-c.js", "if (x) f();\n").isConditional());
    }

    @Test
    void testsAreOfTheModuleInTheirNames() {
        assertEquals("fs", Area.of("parallel/test-fs-read-stream"));
        assertEquals("child_process", Area.of("sequential/test-child-process-exit"));
        assertEquals("url", Area.of("parallel/test-whatwg-url-custom-href"));
        assertEquals("whatwg", Area.of("parallel/test-whatwg-encoding").split("-", 2)[0]);
        assertEquals("es-module", Area.of("es-module/test-esm-fs"));
        assertEquals("os", Area.of("parallel/test-os"));
    }

    @Test
    void theStatusFilesSectionsForLinuxHold() throws IOException {
        Files.writeString(
                checkout.resolve("test/parallel/parallel.status"),
                """
                prefix parallel
                [true]
                # test-no: SKIP
                test-a: SKIP
                test-b: PASS, FLAKY
                [$system==linux && $arch==s390x]
                test-c: SKIP
                [$system==win32 || $system==linux]
                test-d: SKIP
                """);
        for (var name : List.of("a", "b", "c", "d")) test("test-" + name + ".js", "x();");
        var suite = Suite.read(checkout);
        var left = suite.tests(suite::leavesOut).stream().map(TestFile::name).toList();
        assertEquals(List.of("parallel/test-a", "parallel/test-d"), left);
        assertEquals(4, suite.tests(_ -> true).size());
    }

    @Test
    void aFolderThatIsNoCheckoutIsRefused() throws IOException {
        Files.delete(checkout.resolve("test/sequential"));
        assertThrows(IOException.class, () -> Suite.read(checkout));
    }
}
