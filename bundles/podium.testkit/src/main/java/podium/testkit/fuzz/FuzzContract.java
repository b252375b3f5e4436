package podium.testkit.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import podium.engine.Engine;

/// Engines agree on the first few hundred cases of the [Fuzzer]. `./podium fuzz` goes on with more.
public abstract class FuzzContract {

    private static final int CASES = 150;

    /// One engine, or several that must agree.
    protected abstract List<Engine> engines();

    @Test
    @Timeout(900)
    void endAsTheContractSaysAndAlike() throws IOException {
        var folder = Path.of("target", "fuzz");
        Files.createDirectories(folder);
        var fuzzer = new Fuzzer(engines(), folder, List.of());
        for (long number = 0; number < CASES; number++)
            try {
                fuzzer.run(number);
            } catch (Defect defect) {
                Assertions.fail(
                        "case %d: %s; its module is %s"
                                .formatted(
                                        number,
                                        defect.getMessage(),
                                        folder.resolve(number + ".wasm").toAbsolutePath()),
                        defect);
            }
        // Else the modules would not be what they should.
        Assertions.assertTrue(fuzzer.compared() > CASES / 3, fuzzer.compared() + " ran");
        Assertions.assertTrue(fuzzer.refused() > CASES / 5, fuzzer.refused() + " were refused");
    }
}
