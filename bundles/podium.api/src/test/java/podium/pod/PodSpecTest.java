package podium.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodSpecTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "hello-http",
                "0",
                "",
                "x23456789012345678901234567890123456789012345678901234567890123"
            })
    void namesThatFitAHostName(String name) {
        assertEquals(name, PodSpec.of(name).name());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-a",
                "a-",
                "A",
                "a.b",
                "a/b",
                "ä",
                "x234567890123456789012345678901234567890123456789012345678901234"
            })
    void namesThatDoNot(String name) {
        assertThrows(IllegalArgumentException.class, () -> PodSpec.of(name));
    }
}
