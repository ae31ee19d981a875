package dev.emc.core.engine;

import dev.emc.api.ConnectorException;
import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;

/** Classes of errors, and what to tell the user. */
final class Errors {

    private Errors() {}

    /** Whether trying again is of no use. */
    static boolean isFinal(Exception error) {
        return error instanceof FatalException || error instanceof PermanentException;
    }

    /** The error as text for the user. Errors that nobody wrote a sentence for show their class too. */
    static String sentence(Throwable error) {
        String message = error.getMessage();
        boolean sentence = error instanceof ConnectorException || error instanceof LeaseHeldException
                || error instanceof ConnectorWorker.Stop;
        if (sentence && message != null) {
            // the sentence goes on in most places
            return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        }
        String type = error.getClass().getSimpleName();
        return message == null || message.isBlank() ? type : message + " (" + type + ")";
    }
}
