package dev.emc.jdbc;

import java.sql.SQLException;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.TlsSocketPlugin;
import org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin;

import dev.emc.api.FatalException;
import dev.emc.kit.Tls;
import dev.emc.kit.TlsSettings;

/** Tells MariaDB's driver whom to trust and who this is; a service of that driver. */
public final class MariaDbTls implements TlsSocketPlugin {

    static final String TYPE = "emc";
    /** The driver's property with the name of the settings in {@link TlsContexts}. */
    static final String SETTINGS = "emcTls";

    private static TlsSettings settings(Configuration configuration) {
        return TlsContexts.get(configuration.nonMappedOptions().getProperty(SETTINGS));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public TrustManager[] getTrustManager(Configuration configuration, ExceptionFactory errors, HostAddress host)
            throws SQLException {
        try {
            return Tls.trusted(settings(configuration)).getTrustManagers();
        } catch (FatalException e) {
            throw new SQLException(e.getMessage(), "28000", e);
        }
    }

    @Override
    public KeyManager[] getKeyManager(Configuration configuration, ExceptionFactory errors) throws SQLException {
        try {
            KeyManagerFactory keys = Tls.keys(settings(configuration));
            return keys == null ? null : keys.getKeyManagers();
        } catch (FatalException e) {
            throw new SQLException(e.getMessage(), "28000", e);
        }
    }

    /** Called only with {@code verify-full}. */
    @Override
    public void verify(String host, SSLSession session, long thread) throws SSLException {
        new DefaultTlsSocketPlugin().verify(host, session, thread);
    }
}
