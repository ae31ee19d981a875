package dev.emc.testkit.conformance;

/**
 * What an outside system can do, as far as not all of them can: the menu that a driver picks from. The suite skips, with a
 * message, what its driver leaves out; what it names has to work.
 */
public enum Feature {

    /** Records come out in the order in which they went in. */
    ORDER("keeps the order of records"),

    /** Sinks: an event that is written twice is there once. */
    IDEMPOTENT("keeps an event that comes twice once"),

    /**
     * Sources: what the registry has no position for is read again. Not for systems that hand out each record once, and keep
     * by themselves what has been taken.
     */
    REPLAY("can be read again"),

    /** Payloads may hold any bytes. Without it only text without line breaks and control characters. */
    BINARY("carries any bytes"),

    /** A payload of no bytes is a record all the same. */
    EMPTY("carries empty payloads"),

    /** A record without a payload is not the same as one with an empty payload. */
    NO_PAYLOAD("tells no payload from an empty one"),

    /** Keeps id, source, type, subject and extensions; integers and booleans perhaps as text. */
    ATTRIBUTES("keeps attributes"),

    /** Integers and booleans among the attributes stay such. */
    TYPED_ATTRIBUTES("keeps the types of attributes"),

    /** Keeps the content type. */
    CONTENT_TYPE("keeps the content type"),

    /** Keeps the time of the event, to the millisecond. */
    TIME("keeps the time");

    private final String description;

    Feature(String description) {
        this.description = description;
    }

    /** As in "the outside system …". */
    public String description() {
        return description;
    }
}
