package dev.emc.http.server;

/** What a {@link WebServer} does with requests. Called by the threads of the network: it must not block. */
public interface Service {

    /**
     * Looks at a request before its body comes.
     *
     * @return the answer with which it ends here, for example 404; null to go on
     */
    Answer admit(RequestHead head);

    /** Takes a whole request, to be answered now or later. */
    void handle(Exchange exchange);

    /**
     * The answer of a request whose time is up. What it holds may still be accepted later.
     *
     * @param exchange which has no answer
     */
    Answer late(Exchange exchange);

    /** Called several times a second, for work that depends on time. */
    default void tick() {}
}
