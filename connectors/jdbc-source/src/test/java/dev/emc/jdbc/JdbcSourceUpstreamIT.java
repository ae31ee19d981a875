package dev.emc.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.emc.testkit.EmcProcess;

/** A config file as EventMesh's own JDBC source has it. */
class JdbcSourceUpstreamIT {

    private static final String FILE = """
            pubSubConfig:
              meshAddress: 127.0.0.1:10000
              subject: TEST-TOPIC-JDBC
              idc: FT
              env: PRD
              group: jdbcSource
              appId: 5032
              userName: jdbcSourceUser
              passWord: jdbcPassWord
            sourceConnectorConfig:
              connectorName: jdbcSource
              databaseType: mysql
              maxTask: 1
              batchMaxRows: 500
              skipSnapshot: false
              tableIncludeList:
                - shop.orders
                - shop.item_*
              tableExcludeList:
                - shop.item_old
              skipViews: true
              jdbcConfig:
                hostname: 127.0.0.1
                port: 3306
                user: root
                password: sEcReT-of-mysql
                initialStatements: SET SESSION max_join_size = 1000
                connectTimeout: 10
                url: jdbc:mysql://127.0.0.1:3306/shop
              mysqlConfig:
                serverId: 6688
            """;

    @TempDir
    Path work;

    private String validate() throws Exception {
        Files.writeString(work.resolve("source-config.yml"), FILE);
        EmcProcess process = EmcProcess.start("jdbc-source", work, "validate", "--config", "source-config.yml");
        assertEquals(0, process.awaitExit(Duration.ofSeconds(60)), process::output);
        return process.output();
    }

    @Test
    void isAcceptedAndEachKeyWithoutEffectIsNamed() throws Exception {
        String said = validate();
        for (String key : new String[]{"hostname", "databaseType", "maxTask", "skipSnapshot", "skipViews", "mysqlConfig"}) {
            assertTrue(said.contains(key), () -> key + " is not named: " + said);
        }
        for (String key : new String[]{"tableIncludeList", "tableExcludeList", "batchMaxRows", "initialStatements"}) {
            assertFalse(said.contains(key), () -> key + " has an effect: " + said);
        }
    }

    @Test
    void showsNoSecret() throws Exception {
        assertFalse(validate().contains("sEcReT"));
    }
}
