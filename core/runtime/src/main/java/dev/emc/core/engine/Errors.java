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

    /** What nobody has foreseen, as a sentence for the user: what, and where it comes from. */
    static String bug(Throwable error) {
        if (error instanceof OutOfMemoryError) {
            return "the memory is used up (" + error.getMessage() + "); give the process more of it, or lower"
                    + " in-flight.max-bytes and batch.max-bytes; what was not finished will be delivered again";
        }
        StackTraceElement[] trace = error.getStackTrace();
        String place = trace.length == 0 ? "" : " in " + trace[0].getClassName() + '.' + trace[0].getMethodName();
        return "an internal error: " + sentence(error) + place
                + "; what was not finished will be delivered again; please report it, with the log of log.level debug";
    }

    /** The error as text for the user. Errors that nobody wrote a sentence for show their class too. */
    static String sentence(Throwable error) {
        String message = error.getMessage();
        boolean sentence = error instanceof ConnectorException || error instanceof LeaseHeldException
                || error instanceof Stop;
        if (sentence && message != null) {
            // the sentence goes on in most places
            return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
        }
        String type = error.getClass().getSimpleName();
        return message == null || message.isBlank() ? type : message + " (" + type + ")";
    }
}
