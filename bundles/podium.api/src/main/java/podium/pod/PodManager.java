package podium.pod;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes pods. The service an embedder starts from. Thread-safe.
///
/// ```java
/// try (var pod = pods.create(PodSpec.of("hello"))) {
///     var result = pod.run("node", "-e", "console.log('hi')");
///     System.out.print(result.output());
/// }
/// ```
public interface PodManager {

    /// Makes a pod.
    ///
    /// @throws PodException the name is taken, a mount cannot be made, the engine is not there; one
    ///     line for people
    Pod create(PodSpec spec) throws PodException;

    /// The living pods, oldest first.
    List<Pod> pods();

    /// A living pod, or null.
    @Nullable Pod pod(String name);
}
