package podium.syscall;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a `String` parameter that the guest gives as address and length of UTF-8 bytes. Decoded by
/// [GuestMemory#string(int, int)].
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Utf8 {

    /// The greatest length in bytes; a longer string is `E2BIG`.
    int max() default 65_536;
}
