package dev.emc.http;

import java.util.Optional;

import dev.emc.http.signature.Verifier;

/**
 * What is done with the requests to a path.
 *
 * @param type of the events of plain requests
 * @param topic of its events; empty for the worker's own
 */
record Route(String path, String type, Optional<String> topic, Verifier verifier) {}
