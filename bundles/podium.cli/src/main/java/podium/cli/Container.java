package podium.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.util.tracker.ServiceTracker;

/// The OSGi framework with the bundles of a distribution's `bundle` folder.
final class Container {

    /// The bundles of the interactive shell: passive where nobody sits at it.
    static final Set<String> SHELL =
            Set.of("org.apache.felix.gogo.jline", "org.apache.felix.gogo.command", "org.jline");

    /// The bundle that runs programs for the command line. It stops before any other, so that what
    /// programs do when they are told to end still works.
    private static final String RUNNER = "podium.cli";

    private static final Duration STOP = Duration.ofSeconds(10);

    private final Framework framework;
    private final BundleCache cache;

    private Container(Framework framework, BundleCache cache) {
        this.framework = framework;
        this.cache = cache;
    }

    /// Boots and returns when every bundle has started.
    ///
    /// @param properties of the framework, stronger than `conf/config.properties`
    /// @param passive symbolic names of bundles that are installed and not started
    /// @throws CommandException a bundle is broken; the message names it
    static Container boot(Path home, Map<String, String> properties, Set<String> passive)
            throws IOException, CommandException {
        CompilerThreads.giveWay();
        var configuration = Configuration.read(home);
        configuration.putAll(properties);
        var bundles = BundleFolder.of(home.resolve("bundle"));
        var order = StartOrder.of(configuration);
        var fingerprint = bundles.fingerprint() + order;
        var cache = BundleCache.acquire(home, fingerprint);
        ClassArchive.review(home, fingerprint);
        configuration.put(Constants.FRAMEWORK_STORAGE, cache.folder().toString());
        configuration.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "" + order.highest());
        var container = new Container(framework(configuration), cache);
        try {
            container.start(bundles, order, passive);
            return container;
        } catch (BundleException e) {
            container.stop();
            throw new CommandException(StartOrder.explain(e));
        }
    }

    private static Framework framework(Map<String, String> configuration) throws CommandException {
        var factory = ServiceLoader.load(FrameworkFactory.class).findFirst();
        if (factory.isEmpty()) throw new CommandException("no OSGi framework in lib/");
        return factory.get().newFramework(new HashMap<>(configuration));
    }

    private void start(BundleFolder bundles, StartOrder order, Set<String> passive)
            throws BundleException {
        framework.init(Container::report);
        if (!cache.filled()) install(bundles, order);
        for (var bundle : framework.getBundleContext().getBundles()) {
            if (bundle.getBundleId() == 0 || isFragment(bundle)) continue;
            if (passive.contains(bundle.getSymbolicName())) bundle.stop();
            else bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
        framework.start();
        cache.markFilled();
    }

    /// A bundle that fails does not stop the container; it is named on standard error.
    private static void report(FrameworkEvent event) {
        if (event.getType() != FrameworkEvent.ERROR) return;
        System.err.println(
                "podium: "
                        + event.getBundle().getSymbolicName()
                        + ": "
                        + StartOrder.explain(event.getThrowable()));
    }

    private void install(BundleFolder bundles, StartOrder order) throws BundleException {
        var context = framework.getBundleContext();
        for (var jar : bundles.jars()) {
            // A reference: the framework opens the jar where it lies and copies nothing.
            var bundle = context.installBundle("reference:" + jar.toUri());
            bundle.adapt(BundleStartLevel.class).setStartLevel(order.level(bundle));
        }
    }

    private static boolean isFragment(Bundle bundle) {
        return bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
    }

    /// Calls the function a bundle registered as the named command.
    ///
    /// @return its exit code
    int call(String command, byte[] request) throws CommandException, InterruptedException {
        var context = framework.getBundleContext();
        try {
            var filter =
                    FrameworkUtil.createFilter(
                            "(&(objectClass=%s)(%s=%s))"
                                    .formatted(Function.class.getName(), COMMAND, command));
            var tracker =
                    new ServiceTracker<Function<byte[], Integer>, Function<byte[], Integer>>(
                            context, filter, null);
            tracker.open();
            var function = tracker.waitForService(10_000);
            if (function == null)
                throw new CommandException("the container has no '" + command + "': " + missing());
            int status = function.apply(request);
            tracker.close();
            return status;
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private String missing() {
        var idle = idle();
        return idle.isEmpty()
                ? "a service it needs is absent"
                : "not started: " + String.join(", ", idle);
    }

    /// How many bundles there are.
    int size() {
        return framework.getBundleContext().getBundles().length - 1;
    }

    /// The bundles that should have started and have not.
    List<String> idle() {
        var names = new ArrayList<String>();
        for (var bundle : framework.getBundleContext().getBundles())
            if (bundle.getState() < Bundle.STARTING
                    && !isFragment(bundle)
                    && !SHELL.contains(bundle.getSymbolicName()))
                names.add(bundle.getSymbolicName());
        return names;
    }

    /// Stops every bundle and waits for it. Idempotent.
    void stop() {
        try {
            stopRunner();
            framework.stop();
            var event = framework.waitForStop(STOP.toMillis());
            if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT)
                System.err.println(
                        "podium: the container did not stop within " + STOP.toSeconds() + " s");
        } catch (BundleException e) {
            System.err.println("podium: the container did not stop: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            cache.release();
        }
    }

    private void stopRunner() throws BundleException {
        var context = framework.getBundleContext();
        if (context == null) return; // stopped, or never started
        for (var bundle : context.getBundles())
            if (RUNNER.equals(bundle.getSymbolicName())) bundle.stop(Bundle.STOP_TRANSIENT);
    }

    void waitForStop() throws InterruptedException {
        framework.waitForStop(0);
    }

    /// Service property that names a command.
    static final String COMMAND = "podium.command";
}
