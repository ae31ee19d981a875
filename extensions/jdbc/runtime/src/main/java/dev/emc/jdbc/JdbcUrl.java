package dev.emc.jdbc;

/** The URL of a database, as the user wrote it. */
final class JdbcUrl {

    private static final String MYSQL = "jdbc:mysql:";
    private static final String MARIADB = "jdbc:mariadb:";

    private JdbcUrl() {}

    /** Without parameters and user, which may be secret. */
    static String address(String url) {
        int end = url.length();
        for (char parameters : new char[]{'?', ';'}) {
            int at = url.indexOf(parameters);
            end = at < 0 ? end : Math.min(end, at);
        }
        String address = url.substring(0, end);
        int user = address.indexOf('@');
        int host = address.indexOf("//");
        return user < 0 || host < 0 ? address : address.substring(0, host + 2) + address.substring(user + 1);
    }

    /** MariaDB's driver speaks to MySQL, too, when the URL is one of its own. */
    static String forDriver(String url) {
        return url.startsWith(MYSQL) ? MARIADB + url.substring(MYSQL.length()) : url;
    }
}
