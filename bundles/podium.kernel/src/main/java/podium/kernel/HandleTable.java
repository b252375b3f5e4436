package podium.kernel;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.engine.Instance;
import podium.syscall.Errno;
import podium.syscall.Handles;

/// Numbers for objects; the lowest free one first.
final class HandleTable implements Handles {

    /// As many as a program may have.
    static final int MOST = 1 << 20;

    /// By number less one. Guarded by this, as the rest.
    private final ArrayList<@Nullable Object> objects = new ArrayList<>();

    private final Map<Object, Integer> numbers = new IdentityHashMap<>();
    private final BitSet used = new BitSet();

    @Override
    public synchronized int of(Object object) {
        var known = numbers.get(object);
        if (known != null) return known;
        int index = used.nextClearBit(0);
        if (index >= MOST) throw Errno.EMFILE.exception();
        if (index == objects.size()) objects.add(object);
        else objects.set(index, object);
        used.set(index);
        numbers.put(object, index + 1);
        return index + 1;
    }

    @Override
    public synchronized @Nullable Object get(int number) {
        return number > 0 && number <= objects.size() ? objects.get(number - 1) : null;
    }

    @Override
    public synchronized int[] numbers() {
        return used.stream().map(index -> index + 1).toArray();
    }

    @Override
    public synchronized void put(int number, Object object) {
        if (number < 1 || used.get(number - 1) || numbers.containsKey(object))
            throw Errno.EINVAL.exception();
        if (number > MOST) throw Errno.EMFILE.exception();
        while (objects.size() < number) objects.add(null);
        objects.set(number - 1, object);
        used.set(number - 1);
        numbers.put(object, number);
    }

    /// Whether there is any.
    synchronized boolean used() {
        return !used.isEmpty();
    }

    /// Makes the instances stop, which run in system calls of a task that is to end.
    synchronized void interrupt() {
        for (var object : objects) if (object instanceof Instance instance) instance.interrupt();
    }

    /// Ends the instances that are left.
    synchronized void close() {
        for (var object : objects) if (object instanceof Instance instance) instance.close();
        objects.clear();
        numbers.clear();
        used.clear();
    }

    @Override
    public synchronized void release(int number) {
        var object = get(number);
        if (object == null) return;
        objects.set(number - 1, null);
        used.clear(number - 1);
        numbers.remove(object);
    }
}
