/** What a running worker shows: health, metrics and status over HTTP. */
package dev.emc.core.observe;
