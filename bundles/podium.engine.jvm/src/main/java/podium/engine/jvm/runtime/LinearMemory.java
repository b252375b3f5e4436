package podium.engine.jvm.runtime;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import podium.engine.Memory;
import podium.engine.MemoryImage;
import podium.engine.MemoryType;

/// A linear memory: address space for its maximum, of which the first pages count.
public final class LinearMemory implements Memory {

    private final MemoryType type;
    private final Mapping mapping;
    private final Waiters waiters = new Waiters();

    private final @Nullable Budget budget;

    /// Whom a window asks before it grows.
    private final @Nullable Growth growth;

    /// Instances whose compiled code checks against a copy of the size.
    private final CopyOnWriteArrayList<MemoryUser> users = new CopyOnWriteArrayList<>();

    private volatile int pages;
    private volatile MemorySegment segment;

    public LinearMemory(MemoryType type) {
        this(type, null);
    }

    /// @param budget that growth takes its pages from; what the memory starts with was taken
    public LinearMemory(MemoryType type, @Nullable Budget budget) {
        this(type, budget, null, Mapping.reserve((long) type.maximum() * MemoryType.PAGE));
    }

    private LinearMemory(
            MemoryType type, @Nullable Budget budget, @Nullable Growth growth, Mapping mapping) {
        this.type = type;
        this.budget = budget;
        this.growth = growth;
        this.mapping = mapping;
        resize(type.minimum());
    }

    @Override
    public Memory window(long offset, MemoryType type, Growth growth) {
        return new LinearMemory(type, null, growth, new WindowMapping(this, mapping, offset));
    }

    private void resize(int pages) {
        this.pages = pages;
        segment = mapping.segment(size());
        for (var user : users) user.memorySize(size());
    }

    public synchronized void attach(MemoryUser user) {
        user.memoryBase(mapping.address());
        user.memorySize(size());
        users.add(user);
    }

    public void detach(MemoryUser user) {
        users.remove(user);
    }

    Waiters waiters() {
        return waiters;
    }

    @Override
    public MemoryType type() {
        return type;
    }

    @Override
    public int pages() {
        return pages;
    }

    @Override
    public int grow(int delta) {
        if (delta == 0) return pages;
        synchronized (this) {
            int old = pages;
            long wanted = old + (delta & 0xffffffffL);
            if (wanted > type.maximum()) return -1;
            if (budget != null && !budget.take(wanted - old)) return -1;
            if (growth != null && !growth.allow(size(), wanted * MemoryType.PAGE)) return -1;
            resize((int) wanted);
            return old;
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public long resident() {
        return mapping.resident(size());
    }

    /// Takes a snapshot's size and content. The memory must be fresh.
    ///
    /// @throws IllegalArgumentException the image does not fit
    public synchronized void load(MemoryImage image) {
        var index = image.index();
        long end = index.length == 0 ? 0 : (index[index.length - 1] + 1L) * MemoryImage.BLOCK;
        if (image.pages() < type.minimum()
                || image.pages() > type.maximum()
                || end > (long) image.pages() * MemoryType.PAGE
                || image.blocks().length != (long) index.length * MemoryImage.BLOCK)
            throw new IllegalArgumentException(
                    "an image of " + image.pages() + " pages for a memory of " + type);
        resize(image.pages());
        mapping.load(image);
    }

    @Override
    public void close() {
        mapping.close();
    }
}
