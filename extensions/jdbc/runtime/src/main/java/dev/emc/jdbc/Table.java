package dev.emc.jdbc;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A table as it is in the database. */
final class Table {

    private final TableName name;
    private final List<Column> columns;
    private final List<String> primaryKey;
    private final Map<String, Column> byName = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    /** By name in small letters, without those that differ in nothing else. */
    private final Map<String, Column> byFolded = new HashMap<>();

    /** @param primaryKey names of columns; empty when there is none */
    Table(TableName name, List<Column> columns, List<String> primaryKey) {
        this.name = name;
        this.columns = columns;
        this.primaryKey = primaryKey;
        Set<String> ambiguous = new HashSet<>();
        for (Column column : columns) {
            byName.put(column.name(), column);
            places.put(column.name(), places.size());
            String folded = column.name().toLowerCase(Locale.ROOT);
            if (byFolded.put(folded, column) != null) {
                ambiguous.add(folded);
            }
        }
        byFolded.keySet().removeAll(ambiguous);
    }

    /** Schema and name as they are in the database. */
    TableName name() {
        return name;
    }

    List<Column> columns() {
        return columns;
    }

    /** Where one of its columns stands in {@link #columns}. */
    int place(Column column) {
        return places.get(column.name());
    }

    List<String> primaryKey() {
        return primaryKey;
    }

    /** The column of this name, in any case of letters if that is unambiguous; null when there is none. */
    Column column(String wanted) {
        Column exact = byName.get(wanted);
        return exact != null ? exact : byFolded.get(wanted.toLowerCase(Locale.ROOT));
    }
}
