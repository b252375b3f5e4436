package podium.testkit;

import org.junit.jupiter.api.Nested;
import podium.engine.Engine;

/// What the kernel relies on of every [Engine]. An engine's test extends this and provides it;
/// tests of features it does not
/// name are skipped.
public abstract class EngineContract {

    /// The engine under test.
    protected abstract Engine engine();

    @Nested
    class Calls extends EngineCalls {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Traps extends EngineTraps {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Frames extends EngineFrames {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Starts extends EngineStarts {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Leaks extends EngineLeaks {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Control extends EngineControl {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Memories extends EngineMemories {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Windows extends EngineWindows {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Bounds extends EngineBounds {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Snapshots extends EngineSnapshots {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Atomics extends EngineAtomics {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Threads extends EngineThreads {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Exceptions extends EngineExceptions {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class TailCalls extends EngineTailCalls {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class ExceptionReferences extends EngineExceptionReferences {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class MultipleMemories extends EngineMultipleMemories {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class LargeMemories extends EngineLargeMemories {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Constants extends EngineConstants {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Signatures extends EngineSignatures {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Vectors extends EngineVectors {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class VectorMemory extends EngineVectorMemory {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class VectorCalls extends EngineVectorCalls {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Endless extends EngineEndless {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Hostile extends EngineHostile {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Limited extends EngineLimits {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Metered extends EngineFuel {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Interpreters extends EngineInterpreters {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class InterpreterEnds extends EngineInterpreterEnds {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class InterpreterShapes extends EngineInterpreterShapes {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class InterpreterMutants extends EngineInterpreterMutants {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }

    @Nested
    class Choices extends EngineChoices {
        @Override
        protected Engine engine() {
            return EngineContract.this.engine();
        }
    }
}
