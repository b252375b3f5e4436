package podium.vfs.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import podium.json.Json;

/// An object of JSON in a file of an OCI image layout. A member that is null is none.
record OciObject(Map<?, ?> members) {

    /// Above it, a number of JSON need not be the one that was written.
    private static final double LARGEST = 1L << 53;

    /// @throws Refusal it is no object
    static OciObject parse(String text) throws Refusal {
        try {
            return of(Json.parseUnique(text));
        } catch (IllegalArgumentException e) {
            throw new Refusal("a file of JSON in it is damaged: " + e.getMessage());
        }
    }

    private static OciObject of(@Nullable Object value) throws Refusal {
        if (value instanceof Map<?, ?> members) return new OciObject(members);
        throw new Refusal("an object of JSON in it is none");
    }

    /// A member that is an object, one without members when there is none.
    ///
    /// @throws Refusal it is something else
    OciObject object(String name) throws Refusal {
        var value = members.get(name);
        return value == null ? new OciObject(Map.of()) : of(value);
    }

    /// The objects of an array.
    ///
    /// @throws Refusal there is no such array, or something else in it
    List<OciObject> objects(String name) throws Refusal {
        if (!(members.get(name) instanceof List<?> list))
            throw new Refusal("a file of JSON in it has no list '%s'".formatted(name));
        var objects = new ArrayList<OciObject>();
        for (var one : list) objects.add(of(one));
        return objects;
    }

    /// A member's text, empty when there is none.
    String string(String name) {
        return members.get(name) instanceof String string ? string : "";
    }

    /// A member that is a whole number.
    ///
    /// @throws Refusal there is no such number
    long number(String name) throws Refusal {
        if (members.get(name) instanceof Double number
                && number == Math.rint(number)
                && Math.abs(number) < LARGEST) return number.longValue();
        throw new Refusal("a file of JSON in it has no number '%s'".formatted(name));
    }
}
