package podium.cli;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import podium.engine.Engine;
import podium.syscall.SyscallFamily;

/// Carries out `podium wasm inspect`, with the engines and families of the container. They are
/// looked up when they are asked for: no other command should start them.
@Component(service = Function.class, property = Container.COMMAND + "=inspect")
public final class ModuleInspector implements Function<byte[], Integer> {

    private final BundleContext context;

    @Activate
    public ModuleInspector(BundleContext context) {
        this.context = context;
    }

    @Override
    public Integer apply(byte[] request) {
        var in = new DataInputStream(new ByteArrayInputStream(request));
        try {
            var name = in.readUTF();
            boolean json = in.readBoolean();
            var report = new ModuleReport(name, in.readAllBytes());
            for (var engine : services(Engine.class)) report.load(context.getService(engine));
            var providers = new ImportProviders();
            for (var family : services(SyscallFamily.class))
                providers.add(context.getService(family), family.getBundle().getSymbolicName());
            System.out.print(json ? report.json(providers) : report.text(providers));
            System.out.flush();
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The strongest first.
    private <T> Collection<ServiceReference<T>> services(Class<T> type) {
        try {
            return context.getServiceReferences(type, null).stream()
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
