package dev.emc.testkit.conformance;

/**
 * What an outside system can do, as far as not all of them can: the menu that a driver picks from. The suite has no tests of
 * what its driver leaves out; what it names has to work.
 */
public enum Feature {

    /** Records come out in the order in which they went in. */
    ORDER,

    /** Sinks: an event that is written twice is there once. */
    IDEMPOTENT,

    /**
     * Sources: what the registry has no position for is read again. Not for systems that hand out each record once, and keep
     * by themselves what has been taken.
     */
    REPLAY,

    /** Sources: may hold what can't be read as a record; the driver's {@code writePoison} puts such a thing there. */
    UNREADABLE,

    /** Payloads may hold any bytes. Without it only text without line breaks and control characters. */
    BINARY,

    /** A payload of no bytes is a record all the same. */
    EMPTY,

    /** A record without a payload is not the same as one with an empty payload. */
    NO_PAYLOAD,

    /** Keeps id, source, type, subject and extensions; integers and booleans perhaps as text. */
    ATTRIBUTES,

    /** Integers and booleans among the attributes stay such. */
    TYPED_ATTRIBUTES,

    /** Keeps the content type. */
    CONTENT_TYPE,

    /** Keeps the time of the event, to the millisecond. */
    TIME
}
