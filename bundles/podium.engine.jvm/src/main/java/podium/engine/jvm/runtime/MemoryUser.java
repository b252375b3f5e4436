package podium.engine.jvm.runtime;

/// Something that checks accesses against a copy of a memory's size.
public interface MemoryUser {

    /// Takes note of where the memory lies.
    void memoryBase(long address);

    /// Takes note of its size, in bytes. Called by whoever grows the memory.
    void memorySize(long size);
}
