package dev.emc.meshserver;

/**
 * An event on its way into a topic.
 *
 * @param seq what its answer carries back
 * @param broadcast whether it came as a broadcast, which only its answer's name depends on
 */
record Publish(Session from, String seq, byte[] event, boolean broadcast) {}
