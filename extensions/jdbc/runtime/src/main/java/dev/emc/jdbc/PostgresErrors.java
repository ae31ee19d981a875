package dev.emc.jdbc;

import java.sql.SQLException;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Errors of PostgreSQL whose SQLState is that of a wrong statement, and which a value causes. */
final class PostgresErrors {

    /** "Syntax Error or Access Rule Violation". */
    private static final String STATEMENT = "42";
    private static final String NO_PRIVILEGE = "42501";
    /** The part of the server that checks a row by the policies of its table. */
    private static final String ROW_CHECK = "ExecWithCheckOptions";

    private PostgresErrors() {}

    /**
     * Whether a value is to blame, such as "a &" for a tsquery, a name that isn't there for a regclass, or a row that the policies
     * of its table don't let in: what is wrong with a statement itself has a position in it.
     */
    static boolean isOfValue(SQLException error) {
        SQLException told = error;
        while (!(told instanceof PSQLException) && told.getNextException() != null) {
            told = told.getNextException();
        }
        ServerErrorMessage message = told instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        if (message == null || message.getSQLState() == null || !message.getSQLState().startsWith(STATEMENT)) {
            return false;
        }
        if (message.getSQLState().equals(NO_PRIVILEGE)) {
            return ROW_CHECK.equals(message.getRoutine());
        }
        return message.getPosition() == 0 && message.getInternalPosition() == 0;
    }
}
