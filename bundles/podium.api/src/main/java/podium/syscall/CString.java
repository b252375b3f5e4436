package podium.syscall;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a `String` parameter that the guest gives as the address of a NUL-terminated string of at
/// most [GuestMemory#PATH_MAX] bytes, NUL included: `EFAULT` when it leaves the memory,
/// `ENAMETOOLONG` when it is longer. Decoded by [GuestMemory#string(int)].
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface CString {}
