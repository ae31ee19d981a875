package dev.emc.kafka;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;
import org.jboss.logging.Logger;

/** Kafka's login at a token endpoint, but that failures are sentences and are remembered. Kafka makes it by its class. */
public final class TokenLogin implements AuthenticateCallbackHandler {

    /** The client's property that holds the {@link LoginState}. */
    static final String STATE = "emc.login.state";

    private static final Logger LOG = Logger.getLogger(TokenLogin.class);

    private final OAuthBearerLoginCallbackHandler login = new OAuthBearerLoginCallbackHandler();
    private LoginState state;
    private String endpoint;

    @Override
    public void configure(Map<String, ?> properties, String mechanism, List<AppConfigurationEntry> options) {
        state = (LoginState) properties.get(STATE);
        endpoint = (String) properties.get(SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL);
        try {
            login.configure(properties, mechanism, options);
        } catch (ConfigException wrong) {
            throw wrong;
        } catch (KafkaException wrong) {
            throw new ConfigException("connector.sasl.token-ca is no PEM file with certificates");
        }
    }

    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerTokenCallback wanted) {
                fetch(wanted);
            } else {
                login.handle(new Callback[]{callback});
            }
        }
    }

    private void fetch(OAuthBearerTokenCallback wanted) {
        state.begins(endpoint);
        LoginFailure failure = LoginFailure.noToken(endpoint);
        try {
            login.handle(new Callback[]{wanted});
            if (wanted.token() != null) {
                state.succeeds();
                return;
            }
        } catch (IOException | UnsupportedCallbackException | RuntimeException error) {
            failure = LoginFailure.of(endpoint, error);
        }
        if (state.fails(failure)) {
            LOG.warnf("No new token for Kafka: %s", failure.sentence()); // in a thread of Kafka, which tries again
        }
        wanted.error("no_token", failure.sentence(), null);
    }

    @Override
    public void close() {
        login.close();
    }
}
