package dev.emc.jdbc;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

import dev.emc.kit.TlsSettings;

/** Brings TLS settings to where drivers make their sockets: these know nothing but texts. */
final class TlsContexts {

    private static final Map<String, TlsSettings> SETTINGS = new ConcurrentHashMap<>();

    private TlsContexts() {}

    /** Tells a driver to encrypt. @param name of the settings, unique among all connectors of this process */
    static void apply(Vendor vendor, TlsSettings settings, String name, Properties properties) {
        SETTINGS.put(name, settings);
        String mode = settings.verifyHost() ? "verify-full" : "verify-ca";
        switch (vendor) {
            case POSTGRESQL -> {
                properties.setProperty("sslmode", mode);
                properties.setProperty("sslfactory", PostgresTls.class.getName());
                properties.setProperty("sslfactoryarg", name);
            }
            case MARIADB, MYSQL -> {
                properties.setProperty("sslMode", mode);
                properties.setProperty("tlsSocketType", MariaDbTls.TYPE);
                properties.setProperty(MariaDbTls.SETTINGS, name);
            }
            case H2 -> {
            } // its URL says whether to encrypt
        }
    }

    static TlsSettings get(String name) {
        return SETTINGS.get(name);
    }

    static void forget(String name) {
        SETTINGS.remove(name);
    }
}
