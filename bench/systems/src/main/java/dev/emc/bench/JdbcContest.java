package dev.emc.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.emc.jdbc.DatabaseServer;
import dev.emc.jdbc.PostgresServer;

/** PostgreSQL, with forced writes: beside psql with COPY and with a script of INSERTs. */
final class JdbcContest implements Contest {

    /** A script of INSERTs gets few rows: each is a transaction. */
    private static final double FEW = 0.05;

    private final Emc emc;
    private final PostgresServer postgres;
    private final List<String> psql;
    private final int bytes;
    private int tables;

    JdbcContest(Emc emc, Tools tools, int bytes) throws Exception {
        this.emc = emc;
        this.bytes = bytes;
        this.psql = tools.command("usr/lib/postgresql/15/bin/psql", "postgresql-client-15", "libpq5");
        this.postgres = PostgresServer.durable();
    }

    @Override
    public List<Contender> contenders() {
        Payload payload = Payload.row(bytes);
        return List.of(emc.sink("jdbc-sink", 1, payload, events -> {
            String table = newTable();
            return new Emc.Place(settings("table", table), new Table(table, false));
        }), new Contender("jdbc-sink", "psql \\copy", "all or nothing, once; in one transaction", 1,
                (folder, events) -> psql(folder, events, "\\copy %s FROM '%s'", "%d\t%s\n", 1, true)),
                new Contender("jdbc-sink", "psql, INSERTs one by one", "knows no position", FEW,
                        (folder, events) -> psql(folder, events, "\\i %2$s", "INSERT INTO %3$s VALUES (%1$d, '%2$s');\n", 1,
                                false)),
                new Contender("jdbc-sink", "psql, INSERTs of 100 rows", "knows no position", 1,
                        (folder, events) -> psql(folder, events, "\\i %2$s", "INSERT INTO %3$s VALUES (%1$d, '%2$s')", 100,
                                false)),
                emc.source("jdbc-source", 1, payload, (folder, events) -> new Emc.Origin(settings("tables", filled(events)),
                        null)),
                new Contender("jdbc-source", "psql \\copy", "all rows, each time; no fsync", 1, this::copyOut));
    }

    private Map<String, String> settings(String key, String value) {
        return Map.of("url", postgres.url(), "user", DatabaseServer.USER, "password", DatabaseServer.PASSWORD, key, value);
    }

    private String newTable() throws Exception {
        String table = "bench_" + ++tables;
        postgres.execute("CREATE TABLE " + table + " (id bigint PRIMARY KEY, body text)");
        return table;
    }

    private String filled(int events) throws Exception {
        String table = newTable();
        postgres.execute("INSERT INTO " + table + " SELECT n, rpad(lpad(n::text, " + Lines.DIGITS + ", '0'), " + body()
                + ", ' order accepted') FROM generate_series(1, " + events + ") n", "ANALYZE " + table);
        return table;
    }

    /** Length of the text that makes a row of the payload's length. */
    private int body() {
        return bytes - Long.BYTES;
    }

    /**
     * @param statement for psql; gets the table and the file
     * @param row how a row is written into the file; gets number, text and table
     * @param rows of a statement; further ones get parentheses only
     */
    private Run psql(Path folder, int events, String statement, String row, int rows, boolean copy) throws Exception {
        String table = newTable();
        Path file = folder.resolve("rows");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            for (int number = 1; number <= events; number++) {
                String text = Lines.line(number, body());
                if (rows == 1 || number % rows == 1) {
                    out.write(row.formatted(number, text, table));
                } else {
                    out.write(", (%d, '%s')".formatted(number, text));
                }
                out.write(rows > 1 && (number % rows == 0 || number == events) ? ";\n" : "");
            }
        }
        return new Run(new Table(table, copy), () -> psql(folder, statement.formatted(table, file)));
    }

    private Run copyOut(Path folder, int events) throws Exception {
        String table = filled(events);
        Path lines = folder.resolve("lines");
        return new Run(new TextFile(lines),
                () -> psql(folder, "\\copy (SELECT body FROM " + table + " ORDER BY id) TO '" + lines + "'"));
    }

    private Child psql(Path folder, String statement) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "PGPASSWORD=" + DatabaseServer.PASSWORD));
        command.addAll(psql);
        command.addAll(List.of("-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p",
                Integer.toString(postgres.port()), "-U", DatabaseServer.USER, "-d", DatabaseServer.NAME, "-c", statement));
        return new Child(command, folder, folder.resolve("log"));
    }

    @Override
    public void close() throws Exception {
        postgres.close();
    }

    /** A table that rows are added to in the order of their ids. */
    private final class Table implements Target {

        private final String name;
        private final String progress;

        /** @param copy whether it is filled by COPY: nothing is visible until its end, but PostgreSQL tells how far it is */
        Table(String name, boolean copy) {
            this.name = name;
            String done = "SELECT coalesce(max(id), 0) FROM " + name;
            this.progress = copy
                    ? "SELECT CASE WHEN m > 0 THEN m ELSE (SELECT coalesce(max(tuples_processed), 1) - 1 FROM"
                            + " pg_stat_progress_copy) END FROM (" + done + ") d(m)"
                    : done;
        }

        @Override
        public long arrived() throws Exception {
            return postgres.number(progress);
        }

        @Override
        public void verify(int events) throws Exception {
            Target.require(postgres.number("SELECT count(*) FROM " + name), events);
        }
    }
}
