import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Does what judge.py asks of the libraries that are Java: a job a line, its parts divided by tabs; the answer
 * is one line too, `ok` or `error` first. One process for all jobs, since each start takes seconds.
 */
public final class Foreign {
    private Foreign() {}

    public static void main(String[] arguments) throws Exception {
        var jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            String answer;
            try {
                answer = "ok\t" + run(Arrays.asList(line.split("\t", -1)));
            } catch (Exception problem) {
                answer = "error\t" + problem;
            }
            answers.println(answer.replace('\n', ' '));
        }
    }

    private static String run(List<String> job) throws Exception {
        String source = job.get(1);
        switch (job.get(0)) {
            case "pdfbox-fill":
                return Box.fill(source, job.get(2), job.subList(3, job.size()), false);
            case "pdfbox-fill-appended":
                return Box.fill(source, job.get(2), job.subList(3, job.size()), true);
            case "pdfbox-sign":
                return Box.sign(source, job.get(2), new Signer(job.get(3)), job.get(4), permission(job));
            case "itext-sign":
                return Itext.sign(source, job.get(2), new Signer(job.get(3)), job.get(4), permission(job));
            case "pdfbox-change":
                return Box.change(source, job.get(2), job.get(3));
            case "dss-sign":
                return Dss.sign(source, job.get(2), new Signer(job.get(3)), job.get(4), permission(job));
            case "dss-validate":
                return Dss.validate(source, job.get(2));
            case "dss-level":
                return Dss.level(source, job.get(2));
            default:
                throw new IllegalArgumentException("no job is called " + job.get(0));
        }
    }

    /** What a certification permits (ISO 32000-1, table 254); 0 for an approval. */
    private static int permission(List<String> job) {
        return Integer.parseInt(job.get(5));
    }
}
