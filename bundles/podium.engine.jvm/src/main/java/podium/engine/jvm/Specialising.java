package podium.engine.jvm;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import podium.engine.jvm.emit.Layout;
import podium.engine.jvm.emit.SpecialisingCompiler;
import podium.engine.jvm.ir.TooComplex;
import podium.engine.jvm.runtime.Specialisation;
import podium.engine.jvm.runtime.Specialisations;

/// Makes specialised code of one module's interpreters, in the background.
final class Specialising implements Specialisations.Maker {

    private static final Logger LOG = LoggerFactory.getLogger(Specialising.class);

    private final String module;
    private final Supplier<SpecialisingCompiler> compilers;
    private final CodeLoader loader;
    private final Executor background;

    /// Made when something is to be compiled. Used by one thread.
    private @Nullable SpecialisingCompiler compiler;

    /// @param module its name
    /// @param compilers makes one for the module
    /// @param background one thread
    Specialising(
            String module,
            Supplier<SpecialisingCompiler> compilers,
            CodeLoader loader,
            Executor background) {
        this.module = module;
        this.compilers = compilers;
        this.loader = loader;
        this.background = background;
    }

    @Override
    public void make(Specialisation wanted) {
        background.execute(() -> makeNow(wanted));
    }

    private void makeNow(Specialisation wanted) {
        if (wanted.isDone()) return;
        try {
            wanted.become(compile(wanted));
        } catch (TooComplex e) {
            wanted.refuse();
            LOG.debug("{}: not specialised: {}", module, e.getMessage());
        } catch (CancellationException _) {
            // the engine stops
        } catch (OutOfMemoryError e) {
            LOG.warn("{}: no memory to specialise", module);
        } catch (RuntimeException | ReflectiveOperationException | LinkageError e) {
            LOG.error("{}: internal error of the engine", module, e);
        } finally {
            wanted.giveUp();
        }
    }

    private SpecialisingCompiler compiler() {
        var known = compiler;
        if (known == null) compiler = known = compilers.get();
        return known;
    }

    private Object compile(Specialisation wanted) throws ReflectiveOperationException {
        long start = System.nanoTime();
        var compiler = compiler();
        int function = wanted.function();
        loader.define(Layout.entranceName(function), () -> compiler.entrance(function));
        var bytes = compiler.compile(function, wanted.program(), wanted.entry());
        var type = SpecialisedClass.define(loader, bytes);
        LOG.debug(
                "{}: specialised for {} bytes, {} of code, in {} ms",
                module,
                wanted.program().bytes().length,
                bytes.length,
                (System.nanoTime() - start) / 1_000_000);
        return type.getConstructor().newInstance();
    }
}
