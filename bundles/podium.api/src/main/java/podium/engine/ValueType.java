package podium.engine;

/// The types of WebAssembly values (core specification, section 2.3).
public enum ValueType {
    I32(int.class),
    I64(long.class),
    F32(float.class),
    F64(double.class),
    V128(podium.engine.V128.class),
    FUNCREF(Object.class),
    EXTERNREF(Object.class),
    EXNREF(Object.class);

    private final Class<?> javaType;

    ValueType(Class<?> javaType) {
        this.javaType = javaType;
    }

    /// How a value of this type appears in Java: `int`, `long`, `float`, `double`, [V128], or
    /// `Object` (a null reference is null, a `funcref` is a [Function], an `exnref` is an object of
    /// the engine's own).
    public Class<?> javaType() {
        return javaType;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
