package dev.emc.bench;

/** What a client does that does nothing else: the yardstick for emc. All in one warm process, with emc's own codec. */
enum Peer {

    PUBLISHES("publishes made-up records, 256 under way", true), DECODES(
            "receives, makes records of the events, acknowledges each",
            false), RECEIVES("receives, looks only for a number in the bytes, acknowledges each", false);

    final String title;
    /** Whether it is to be compared with a source. */
    final boolean source;

    Peer(String title, boolean source) {
        this.title = title;
        this.source = source;
    }
}
