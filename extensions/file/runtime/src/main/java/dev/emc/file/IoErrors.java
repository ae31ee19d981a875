package dev.emc.file;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

import dev.emc.api.FatalException;

/** Words for what the operating system says. */
final class IoErrors {

    private IoErrors() {}

    /** The reason of an error, such as {@code no space left on device}. */
    static String reason(IOException e) {
        String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        if (reason == null) {
            if (e instanceof AccessDeniedException) {
                return "permission denied";
            }
            if (e instanceof NoSuchFileException) {
                return "no such file or folder";
            }
            if (e instanceof FileAlreadyExistsException f) {
                return f.getFile() + " is a file, not a folder";
            }
            if (e instanceof NotDirectoryException) {
                return "not a folder";
            }
            return e instanceof CharacterCodingException ? "invalid text" : e.getClass().getSimpleName();
        }
        return reason.isEmpty() ? reason : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
    }

    /** Whether trying again without a change of rights or configuration is of no use. */
    static boolean isForGood(IOException e) {
        String reason = reason(e);
        return e instanceof AccessDeniedException || e instanceof NotDirectoryException
                || e instanceof FileAlreadyExistsException || reason.contains("not a directory")
                || reason.contains("is a directory") || reason.contains("read-only") || reason.contains("permission")
                || reason.contains("not permitted") || reason.contains("name too long");
    }

    /** Whether nobody reads the pipe any more. */
    static boolean isBrokenPipe(IOException e) {
        return reason(e).contains("broken pipe");
    }

    /** The user whose rights count. */
    static String user() {
        return System.getProperty("user.name");
    }

    /** @throws FatalException when the text can't be a path here */
    static Path path(String key, String text) throws FatalException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new FatalException(key + " '" + text + "' can't be a path: " + e.getReason()
                    + "; outside of ASCII the locale must be UTF-8 (LC_ALL=C.UTF-8)", e);
        }
    }
}
