package dev.emc.core.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.emc.core.config.Descriptor.Key;
import dev.emc.core.config.Descriptor.KeyType;

/** Checks values against the type of their key and brings them into the form that the configuration system reads. */
public final class Values {

    private static final String SIZE_UNITS = "KMGT";

    private Values() {}

    /** A value isn't of its type. The message says what was expected and never repeats the value. */
    public static final class BadValue extends Exception {

        private static final long serialVersionUID = 1;

        private final transient String suggestion;

        BadValue(String message, String suggestion) {
            super(message, null, false, false);
            this.suggestion = suggestion;
        }

        /** A value that was probably meant; null for none. */
        public String suggestion() {
            return suggestion;
        }
    }

    /** The normal form of a value: enums in lower case with hyphens, durations in ISO-8601, sizes in bytes. */
    static String normalise(Key key, String text) throws BadValue {
        if (!key.list()) {
            return one(key, text);
        }
        var values = new ArrayList<String>();
        for (String value : ValueList.split(text)) {
            if (value.isEmpty()) {
                throw new BadValue("has an empty element: expected values with commas between them", null);
            }
            values.add(ValueList.escape(one(key, value)));
        }
        return String.join(",", values);
    }

    private static String one(Key key, String text) throws BadValue {
        return switch (key.type()) {
            case STRING, MAP, PATH -> text;
            case BOOLEAN -> bool(text.trim());
            case INTEGER -> integer(text.trim(), Integer.MAX_VALUE);
            case LONG -> integer(text.trim(), Long.MAX_VALUE);
            case NUMBER -> number(text.trim());
            case DURATION -> duration(text.trim()).toString();
            case SIZE -> Long.toString(size(text.trim()));
            case ENUM -> constant(key.values(), text.trim());
        };
    }

    private static String bool(String text) throws BadValue {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> "true";
            case "false", "no", "off" -> "false";
            default -> throw new BadValue("expected true or false", Nearest.of(text, List.of("true", "false")));
        };
    }

    private static String integer(String text, long max) throws BadValue {
        try {
            long number = Long.parseLong(text);
            if (number > max || number < -max - 1) {
                throw new BadValue("expected a whole number between " + (-max - 1) + " and " + max, null);
            }
            return Long.toString(number);
        } catch (NumberFormatException e) {
            throw new BadValue("expected a whole number", plainNumber(text));
        }
    }

    private static String number(String text) throws BadValue {
        try {
            if (!text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1))) {
                throw new NumberFormatException();
            }
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return text;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new BadValue("expected a number such as 0.5", plainNumber(text));
    }

    /** What {@code 1_000} or {@code 1,000} was meant to be. */
    private static String plainNumber(String text) {
        String digits = text.replace("_", "").replace(",", "").replace("'", "");
        return digits.length() < text.length() && !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? digits
                : null;
    }

    /** A duration such as {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}, {@code 0}, or ISO-8601. */
    public static Duration duration(String text) throws BadValue {
        int digits = leadingDigits(text);
        try {
            if (digits > 0) {
                long amount = Long.parseLong(text.substring(0, digits));
                String unit = text.substring(digits);
                return switch (unit) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    case "d" -> Duration.ofDays(amount);
                    default -> {
                        if (unit.isEmpty() && amount == 0) {
                            yield Duration.ZERO;
                        }
                        throw new BadValue("expected a duration such as 500ms, 10s, 5m, 1h or 1d", durationMeant(amount, unit));
                    }
                };
            }
            if (text.startsWith("P") || text.startsWith("p")) {
                Duration duration = Duration.parse(text);
                if (!duration.isNegative()) {
                    return duration;
                }
            }
        } catch (ArithmeticException | NumberFormatException | DateTimeParseException e) {
            // told below
        }
        throw new BadValue("expected a duration such as 500ms, 10s, 5m, 1h or 1d", null);
    }

    private static String durationMeant(long amount, String unit) {
        String word = unit.trim().toLowerCase(Locale.ROOT);
        if (word.isEmpty()) {
            return amount + "s";
        }
        if (word.startsWith("ms") || word.startsWith("mil")) {
            return amount + "ms";
        }
        char first = word.charAt(0);
        return first == 's' || first == 'm' || first == 'h' || first == 'd' ? amount + "" + first : null;
    }

    /** Bytes: {@code 512}, {@code 64K}, {@code 4M}, {@code 1G}; steps of 1024. */
    public static long size(String text) throws BadValue {
        int digits = leadingDigits(text);
        String unit = text.substring(digits).toUpperCase(Locale.ROOT);
        if (digits > 0 && unit.length() <= 1) {
            try {
                long amount = Long.parseLong(text.substring(0, digits));
                int step = unit.isEmpty() || unit.equals("B") ? 0 : SIZE_UNITS.indexOf(unit) + 1;
                if (step > 0 || unit.isEmpty() || unit.equals("B")) {
                    return Math.multiplyExact(amount, 1L << 10 * step);
                }
            } catch (ArithmeticException | NumberFormatException e) {
                throw new BadValue("is too large a size", null);
            }
        }
        String first = unit.trim();
        boolean known = digits > 0 && !first.isEmpty() && SIZE_UNITS.indexOf(first.charAt(0)) >= 0;
        throw new BadValue("expected a size in bytes such as 512, 64K, 4M or 1G",
                known ? text.substring(0, digits) + first.charAt(0) : null);
    }

    private static String constant(List<String> values, String text) throws BadValue {
        String normal = text.toLowerCase(Locale.ROOT).replace('_', '-');
        for (String value : values) {
            if (value.equals(normal)) {
                return value;
            }
        }
        throw new BadValue("expected " + oneOf(values), Nearest.of(normal, values));
    }

    static String oneOf(List<String> values) {
        return switch (values.size()) {
            case 0 -> "a known value";
            case 1 -> values.get(0);
            default -> String.join(", ", values.subList(0, values.size() - 1)) + " or " + values.get(values.size() - 1);
        };
    }

    private static int leadingDigits(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /** The default as it is written in a file; null for none. */
    static String defaultText(Key key) {
        return key.type() == KeyType.ENUM && key.defaultValue() != null
                ? key.defaultValue().toLowerCase(Locale.ROOT).replace('_', '-')
                : key.defaultValue();
    }

    /** What values of a key look like, for people. */
    static String typeName(Key key) {
        String name = switch (key.type()) {
            case STRING -> "text";
            case BOOLEAN -> "true or false";
            case INTEGER, LONG -> "whole number";
            case NUMBER -> "number";
            case DURATION -> "duration";
            case SIZE -> "size";
            case PATH -> "path";
            case ENUM -> oneOf(key.values());
            case MAP -> "keys with text values";
        };
        return key.list() && key.type() != KeyType.MAP ? "list: " + name : name;
    }
}
