package dev.emc.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

import dev.emc.api.FatalException;
import dev.emc.api.PermanentException;

/** Rows of one result as JSON objects, a field for each column. */
final class RowJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

    private final String[] names;
    private final Cell[] cells;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A number that is JSON as it is. */
    record NumberText(String text) {}

    /** JSON text. */
    record RawJson(String text) {}

    /** Reads the value of one column: null, a string, boolean, {@link NumberText}, {@link RawJson}, or a list of these. */
    interface Cell {

        Object read(ResultSet row, int column) throws SQLException, IOException;
    }

    /**
     * A row.
     *
     * @param json the object; null for what can't be read
     * @param problem why it isn't whole; null when it is
     */
    record Row(byte[] json, PermanentException problem) {}

    /** @throws FatalException when columns have equal names */
    RowJson(Vendor vendor, ResultSetMetaData columns) throws SQLException, FatalException {
        int count = columns.getColumnCount();
        names = new String[count];
        cells = new Cell[count];
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            names[i] = columns.getColumnLabel(i + 1);
            cells[i] = Cells.of(vendor, columns, i + 1);
            if (!seen.add(names[i])) {
                throw new FatalException("the result of connector.query has two columns that are called \"" + names[i]
                        + "\"; give one of them another name with AS");
            }
        }
    }

    /**
     * The current row. A value that can't be read is left out, and is the row's problem.
     *
     * @param title of the row, for messages
     */
    Row read(ResultSet row, String title) throws SQLException {
        bytes.reset();
        PermanentException problem = null;
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            out.writeStartObject();
            for (int i = 0; i < cells.length; i++) {
                Object value;
                try {
                    value = cells[i].read(row, i + 1);
                } catch (SQLException | IOException | RuntimeException e) {
                    problem = problem(title, names[i], e);
                    continue;
                }
                out.writeFieldName(names[i]);
                write(out, value);
            }
            out.writeEndObject();
        } catch (IOException e) {
            return new Row(null, new PermanentException("The " + title + " can't be written as JSON: " + e.getMessage(), e));
        }
        return new Row(bytes.toByteArray(), problem);
    }

    private static PermanentException problem(String title, String column, Exception error) throws SQLException {
        if (error instanceof SQLException sql && !(sql instanceof java.sql.SQLDataException)
                && SqlErrors.kind(sql) == SqlErrors.Kind.CONNECTION) {
            throw sql;
        }
        String reason = error instanceof SQLException sql ? SqlErrors.reason(sql) : error.getMessage();
        return new PermanentException("Column \"" + column + "\" of the " + title + " can't be read: " + reason, error);
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof NumberText number) {
            out.writeNumber(number.text);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof RawJson json) {
            out.writeRawValue(json.text);
        } else if (value instanceof List<?> elements) {
            out.writeStartArray();
            for (Object element : elements) {
                write(out, element);
            }
            out.writeEndArray();
        } else {
            out.writeString(value.toString());
        }
    }
}
