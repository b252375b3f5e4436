package podium.vfs.overlay;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import podium.vfs.FileSystem;
import podium.vfs.FileSystemType;
import podium.vfs.MountException;
import podium.vfs.MountSpec;
import podium.vfs.Node;
import podium.vfs.memory.MemoryFileSystemType;

/// File systems of type `faulty`: in memory, but with the option `lacks` a capability less, with
/// `damages` a byte of what is read wrong, and with calls that tests can stop.
final class FaultyFileSystemType implements FileSystemType {

    /// What happens before a call of a node's method.
    volatile Faults faults = _ -> {};

    @FunctionalInterface
    interface Faults {
        void before(String method);
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public FileSystem create(MountSpec spec) throws MountException {
        var memory = new MemoryFileSystemType().create(MountSpec.of("/", "memory"));
        var capabilities = EnumSet.copyOf(memory.capabilities());
        var lacks = spec.options().get("lacks");
        if (lacks != null) capabilities.remove(FileSystem.Capability.valueOf(lacks));
        boolean damages = spec.options().containsKey("damages");
        var nodes = new Nodes(damages);
        return new FileSystem() {
            @Override
            public Node.Directory root() {
                return (Node.Directory) Objects.requireNonNull(nodes.outer(memory.root()));
            }

            @Override
            public Set<Capability> capabilities() {
                return capabilities;
            }

            @Override
            public Statistics statistics() {
                return memory.statistics();
            }

            @Override
            public void sync() {
                faults.before("syncAll");
            }

            @Override
            public void close() {
                memory.close();
            }
        };
    }

    private final class Nodes {

        private final Map<Node, Node> known = new ConcurrentHashMap<>();
        private final boolean damages;

        Nodes(boolean damages) {
            this.damages = damages;
        }

        @Nullable Object outer(@Nullable Object found) {
            return found instanceof Node node ? known.computeIfAbsent(node, this::make) : found;
        }

        private Node make(Node node) {
            var kind =
                    switch (node) {
                        case Node.Regular _ -> Node.Regular.class;
                        case Node.Directory _ -> Node.Directory.class;
                        case Node.Link _ -> Node.Link.class;
                        case Node.Special _ -> Node.Special.class;
                    };
            return (Node)
                    Proxy.newProxyInstance(
                            getClass().getClassLoader(), new Class<?>[] {kind}, new Calls(node));
        }

        private final class Calls implements InvocationHandler {

            private final Node node;

            Calls(Node node) {
                this.node = node;
            }

            @Override
            public @Nullable Object invoke(
                    Object self, Method method, @Nullable Object @Nullable [] arguments)
                    throws Throwable {
                switch (method.getName()) {
                    case "equals" -> {
                        return self == Objects.requireNonNull(arguments)[0];
                    }
                    case "hashCode" -> {
                        return System.identityHashCode(self);
                    }
                    default -> faults.before(method.getName());
                }
                List<@Nullable Object> inner = new ArrayList<>();
                if (arguments != null) for (var argument : arguments) inner.add(inner(argument));
                try {
                    var found = outer(method.invoke(node, inner.toArray()));
                    if (damages && method.getName().equals("read")) damage(inner.getFirst());
                    return found;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }

            private @Nullable Object inner(@Nullable Object argument) {
                if (!(argument instanceof Node) || !Proxy.isProxyClass(argument.getClass()))
                    return argument;
                return ((Calls) Proxy.getInvocationHandler(argument)).node;
            }

            private void damage(@Nullable Object read) {
                if (read instanceof ByteBuffer bytes && bytes.position() > 1000)
                    bytes.put(1000, (byte) (bytes.get(1000) + 1));
            }
        }
    }
}
