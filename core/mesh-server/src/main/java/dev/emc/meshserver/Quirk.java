package dev.emc.meshserver;

import java.util.Locale;

/** A weakness of real EventMesh servers that this one imitates on demand, so that clients can be tested against it. */
public enum Quirk {
    /** Every 200th event is taken while its answer is never sent. */
    LOST_ACKS("every 200th event is taken but never answered"),
    /** Every 200th event is taken and answered with a failure. */
    FALSE_FAILURES("every 200th event is taken but answered with code 1"),
    /** Every 200th answer to an event goes to another publisher. */
    MISROUTED_ACKS("every 200th answer goes to another publisher"),
    /** An event that isn't acknowledged comes again only after its session has ended. */
    NO_REDELIVERY("nothing is redelivered while its session lives"),
    /** An event that isn't acknowledged in time counts as acknowledged: if its subscriber dies later, it is lost. */
    GIVES_UP("an event that is not acknowledged in time, 30 s by default, counts as acknowledged"),
    /** Only topics that something was published to can be subscribed to. */
    UNKNOWN_TOPIC("a subscription to a topic that nothing was published to is refused with code 1"),
    /** An event with more than 1,000 characters of data is refused. */
    SMALL_EVENTS("an event with more than 1000 characters of data is refused with code 1"),
    /** An event to a topic without subscribers is refused. */
    REFUSE_WITHOUT_SUBSCRIBER("an event without a subscriber is refused with code 1"),
    /** A session that sends more messages a second than it may is answered with code 3. */
    SEND_TOO_FAST("publishing is refused with code 3 above a rate, 2000 messages a second by default"),
    /** An event of another content type than application/cloudevents+json is pushed as code 1 without a body. */
    POISON("an event whose datacontenttype is not application/cloudevents+json is pushed as code 1 without a body"),
    /** {@code data_base64} is delivered encoded a second time. */
    CORRUPT_BASE64("data_base64 arrives encoded twice"),
    /** Events are pushed with extension attributes that the publisher did not set. */
    ADD_EXTENSIONS("events are pushed with extensions of the server's own"),
    /** Some of the events that one session sends without waiting for answers change places. */
    REORDER("some pipelined events change places"),
    /** Only heartbeats keep a session alive, whatever else it sends. */
    HEARTBEATS_ONLY("only heartbeats keep a session alive"),
    /** An event that finds its topic full is dropped without an answer. */
    FULL_NEVER_ACKS("an event that finds its topic full is dropped without an answer");

    private final String description;

    Quirk(String description) {
        this.description = description;
    }

    /** What it does, one phrase. */
    public String description() {
        return description;
    }

    /** Its name on the command line, for example {@code lost-acks}. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
