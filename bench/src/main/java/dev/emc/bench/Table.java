package dev.emc.bench;

import java.util.List;

/** Tables in Markdown. */
final class Table {

    private Table() {}

    /**
     * @param rows the first one is the head
     * @param texts so many columns hold text, from the left; the others hold numbers, that stand at the right
     */
    static String markdown(List<List<String>> rows, int texts) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < widths.length; i++) {
                String cell = rows.get(r).get(i);
                String blanks = " ".repeat(widths[i] - cell.length());
                text.append(i == 0 ? "| " : " | ").append(i < texts ? cell + blanks : blanks + cell);
            }
            text.append(" |\n");
            if (r == 0) {
                for (int i = 0; i < widths.length; i++) {
                    text.append('|').append("-".repeat(widths[i] + 1)).append(i < texts ? '-' : ':');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
