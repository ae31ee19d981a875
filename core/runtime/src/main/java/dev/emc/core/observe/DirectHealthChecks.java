package dev.emc.core.observe;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

import io.smallrye.health.AsyncHealthCheckFactory;

/** Calls the health checks where they are asked for: ours only read a field, and Vert.x' threads aren't started. */
@Alternative
@Priority(1)
@Singleton
public class DirectHealthChecks extends AsyncHealthCheckFactory {}
