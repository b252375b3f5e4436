package podium.engine;

/// One import a module declares.
///
/// @param module the first of the two names, such as `linux`
/// @param name the second, such as `openat`
/// @param type what is wanted
public record ImportType(String module, String name, ExternType type) {

    @Override
    public String toString() {
        return module + "." + name;
    }
}
