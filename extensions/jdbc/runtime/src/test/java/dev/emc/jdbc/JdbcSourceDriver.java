package dev.emc.jdbc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.emc.api.ConnectorRecord;
import dev.emc.testkit.CuttableProxy;
import dev.emc.testkit.conformance.Feature;
import dev.emc.testkit.conformance.SourceDriver;

/** A table for the JDBC source, behind a proxy: a column for texts, and one for other payloads. */
public final class JdbcSourceDriver implements SourceDriver<JdbcSourceConfig> {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final DatabaseServer server;
    private final boolean timed;
    private final CuttableProxy proxy;
    private int places;

    private JdbcSourceDriver(DatabaseServer server, boolean timed) throws IOException {
        this.server = server;
        this.timed = timed;
        this.proxy = CuttableProxy.to("127.0.0.1", server.port());
    }

    /** Reads by numbered keys. @param server is stopped in the end */
    public static JdbcSourceDriver numbered(DatabaseServer server) throws IOException {
        return new JdbcSourceDriver(server, false);
    }

    /** Reads by the time of the last change. @param server is stopped in the end */
    public static JdbcSourceDriver timed(DatabaseServer server) throws IOException {
        return new JdbcSourceDriver(server, true);
    }

    @Override
    public String name() {
        return "jdbc-source";
    }

    @Override
    public Class<JdbcSourceConfig> configClass() {
        return JdbcSourceConfig.class;
    }

    @Override
    public JdbcSource create(JdbcSourceConfig config) {
        return new JdbcSource(config);
    }

    @Override
    public Set<Feature> features() {
        EnumSet<Feature> features = EnumSet.of(Feature.ORDER, Feature.REPLAY, Feature.BINARY, Feature.EMPTY,
                Feature.NO_PAYLOAD);
        if (server.vendor() == Vendor.MARIADB) {
            features.add(Feature.UNREADABLE);
        }
        return features;
    }

    @Override
    public Map<String, String> newPlace() throws Exception {
        String table = "place_" + ++places;
        server.execute(switch (server.vendor()) {
            case POSTGRESQL -> "CREATE TABLE " + table + " (id BIGSERIAL PRIMARY KEY, changed_at TIMESTAMPTZ NOT NULL DEFAULT"
                    + " clock_timestamp(), words TEXT, bytes BYTEA)";
            case MARIADB -> "CREATE TABLE " + table + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, changed_at TIMESTAMP(6) NOT NULL"
                    + " DEFAULT CURRENT_TIMESTAMP(6), words LONGTEXT, bytes LONGBLOB, document JSON)";
            case MYSQL -> "CREATE TABLE " + table + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, changed_at TIMESTAMP(6) NOT NULL"
                    + " DEFAULT CURRENT_TIMESTAMP(6), words LONGTEXT, bytes LONGBLOB)";
            case H2 ->
                "CREATE TABLE " + table + " (id BIGINT AUTO_INCREMENT PRIMARY KEY, changed_at TIMESTAMP(6) WITH TIME ZONE"
                        + " NOT NULL DEFAULT CURRENT_TIMESTAMP, words CLOB, bytes BLOB)";
        });
        Map<String, String> place = new HashMap<>(Map.of("url",
                server.url().replace(":" + server.port() + "/", ":" + proxy.port() + "/"), "user", DatabaseServer.USER,
                "password", DatabaseServer.PASSWORD, "tables", table, "interval", "20ms"));
        if (timed) {
            place.put("timestamp-column", "changed_at");
            place.put("late-commits", "50ms");
        }
        return place;
    }

    /** One transaction for each hundred, so that the source is always ahead of some. */
    @Override
    public void write(Map<String, String> place, List<ConnectorRecord> records) throws Exception {
        try (Connection connection = server.connect();
                PreparedStatement insert = connection
                        .prepareStatement("INSERT INTO " + place.get("tables") + " (words, bytes) VALUES (?, ?)")) {
            connection.setAutoCommit(false);
            int count = 0;
            for (ConnectorRecord record : records) {
                boolean isText = record.contentType() != null && record.contentType().startsWith("text/");
                insert.setString(1, isText ? record.text() : null);
                insert.setBytes(2, isText ? null : record.data());
                insert.executeUpdate();
                if (++count % 100 == 0) {
                    connection.commit();
                }
            }
            connection.commit();
        }
    }

    @Override
    public byte[] payload(ConnectorRecord event) {
        try {
            JsonNode row = MAPPER.readTree(event.data());
            boolean isH2 = server.vendor() == Vendor.H2; // which folds names to capital letters
            JsonNode words = row.get(isH2 ? "WORDS" : "words");
            if (!words.isNull()) {
                return words.textValue().getBytes(StandardCharsets.UTF_8);
            }
            JsonNode bytes = row.get(isH2 ? "BYTES" : "bytes");
            return bytes.isNull() ? null : Base64.getDecoder().decode(bytes.textValue());
        } catch (IOException e) {
            throw new AssertionError(event.text(), e);
        }
    }

    /** MariaDB's JSON is a text that is checked, unless the session wants no checks. */
    @Override
    public void writePoison(Map<String, String> place) throws Exception {
        try (Connection connection = server.connect(); var statement = connection.createStatement()) {
            statement.execute("SET check_constraint_checks = 0");
            statement.execute("INSERT INTO " + place.get("tables") + " (words, document) VALUES ('poison', '{\"a\":')");
        }
    }

    @Override
    public void breakSystem() throws Exception {
        proxy.cut();
    }

    @Override
    public void mendSystem() throws Exception {
        proxy.mend();
    }

    @Override
    public Map<String, String> wrongSettings() {
        return Map.of("url", "postgresql://127.0.0.1/x", "query", "SELECT 1", "tables", "a,a", "chunk-size", "0",
                "start-value", "5", "timezone", "Mars/Olympus", "subject", "{/id", "key-columns", "a,a",
                "interval", "0s");
    }

    @Override
    public void close() throws Exception {
        proxy.close();
        server.close();
    }
}
