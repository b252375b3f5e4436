package podium.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import podium.syscall.Errno;
import podium.syscall.ErrnoException;

class HandleTableTest {

    private final HandleTable handles = new HandleTable();

    @Test
    void numbersFromOneOn() {
        var object = new Object();
        assertEquals(1, handles.of(object));
        assertEquals(2, handles.of("other"));
        assertEquals(1, handles.of(object));
        assertSame(object, handles.get(1));
    }

    @Test
    void tellsEqualObjectsApart() {
        assertEquals(1, handles.of(new String("same")));
        assertEquals(2, handles.of(new String("same")));
    }

    @Test
    void knowsNoOtherNumbers() {
        handles.of("one");
        for (int number : new int[] {0, 2, -1, 1 << 20, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertNull(handles.get(number));
            handles.release(number);
        }
        assertSame("one", handles.get(1));
    }

    @Test
    void usesNumbersAgain() {
        var first = new Object();
        handles.of(first);
        handles.of("second");
        handles.release(1);
        assertNull(handles.get(1));
        assertEquals(1, handles.of("third"));
        assertEquals(3, handles.of(first));
    }

    @Test
    void hasAnEnd() {
        for (int i = 0; i < HandleTable.MOST; i++) handles.of(new Object());
        var e = assertThrows(ErrnoException.class, () -> handles.of(new Object()));
        assertEquals(Errno.EMFILE, e.errno());
        handles.release(7);
        assertEquals(7, handles.of(new Object()));
    }
}
