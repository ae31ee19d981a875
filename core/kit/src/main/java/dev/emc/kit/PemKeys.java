package dev.emc.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;

import dev.emc.api.FatalException;

/** Certificates and private keys of PEM files (RFC 7468). */
final class PemKeys {

    private static final Pattern KEY = Pattern
            .compile("-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA"};

    private PemKeys() {}

    /** A certificate with its chain and its key. */
    static KeyManagerFactory load(Path certificate, Path key, String password) throws FatalException {
        Certificate[] chain = read(certificate).toArray(new Certificate[0]);
        char[] none = new char[0];
        try {
            KeyStore store = empty();
            store.setKeyEntry("own", privateKey(key, password), none, chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            return keys;
        } catch (GeneralSecurityException | IOException wrong) {
            throw new FatalException("the certificate " + certificate + " and the key " + key + " can't be used together: "
                    + wrong.getMessage(), wrong);
        }
    }

    /** Certificates to trust. */
    static KeyStore certificates(Path file) throws FatalException {
        try {
            KeyStore store = empty();
            int number = 0;
            for (Certificate certificate : read(file)) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException | IOException wrong) {
            throw new FatalException("the certificates in " + file + " can't be used: " + wrong.getMessage(), wrong);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> read(Path file) throws FatalException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new FatalException("there is no certificate in " + file + ": expected a PEM file");
            }
            return certificates;
        } catch (IOException | CertificateException wrong) {
            throw new FatalException("the certificates in " + file + " can't be read: expected a PEM file", wrong);
        }
    }

    private static PrivateKey privateKey(Path file, String password) throws FatalException {
        try {
            Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!pem.find()) {
                throw new FatalException("there is no private key in " + file + ": expected a PEM file");
            }
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            return switch (pem.group(1)) {
                case "PRIVATE KEY" -> privateKey(new PKCS8EncodedKeySpec(der));
                case "ENCRYPTED PRIVATE KEY" -> privateKey(decrypted(der, file, password));
                default -> throw new FatalException("the private key in " + file + " is not in PKCS#8; \"openssl pkcs8 -topk8"
                        + " -nocrypt\" converts it");
            };
        } catch (IOException wrong) {
            throw new FatalException("the private key in " + file + " can't be read: no file that this user may read", wrong);
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            throw new FatalException("the private key in " + file + " can't be used: its format"
                    + (password == null ? "" : " or password") + " is wrong", wrong);
        }
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] der, Path file, String password)
            throws FatalException, GeneralSecurityException, IOException {
        if (password == null) {
            throw new FatalException("the private key in " + file + " is encrypted and needs a password");
        }
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
        // the name of PBES2 says nothing, its parameters do
        String algorithm = encrypted.getAlgName().equals("PBES2")
                ? encrypted.getAlgParameters().toString()
                : encrypted.getAlgName();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE, SecretKeyFactory.getInstance(algorithm)
                .generateSecret(new PBEKeySpec(password.toCharArray())), encrypted.getAlgParameters());
        return encrypted.getKeySpec(cipher);
    }

    private static PrivateKey privateKey(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        InvalidKeySpecException last = null;
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException other) {
                last = other;
            }
        }
        throw last;
    }
}
