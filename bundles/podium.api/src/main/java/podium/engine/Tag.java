package podium.engine;

/// An exception tag; its identity is what `catch` compares.
public non-sealed interface Tag extends Extern {

    TagType type();
}
