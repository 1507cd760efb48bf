import com.itextpdf.kernel.crypto.DigestAlgorithms;
import com.itextpdf.kernel.pdf.PdfReader;
import com.itextpdf.kernel.pdf.StampingProperties;
import com.itextpdf.signatures.AccessPermissions;
import com.itextpdf.signatures.BouncyCastleDigest;
import com.itextpdf.signatures.PdfSigner;
import com.itextpdf.signatures.PrivateKeySignature;
import com.itextpdf.signatures.SignerProperties;
import java.io.FileOutputStream;

/** What iText does. It comes from Maven Central and only judges: none of it is in dpa-gen. */
final class Itext {
    private Itext() {}

    /** Signs in a field that is there, by the PAdES profile. */
    static String sign(String source, String target, Signer signer, String field, int permission)
            throws Exception {
        try (var reader = new PdfReader(source); var output = new FileOutputStream(target)) {
            var pdf = new PdfSigner(reader, output, new StampingProperties().useAppendMode());
            var properties = new SignerProperties().setFieldName(field);
            if (permission == 2) {
                properties.setCertificationLevel(AccessPermissions.FORM_FIELDS_MODIFICATION);
            } else if (permission != 0) {
                throw new IllegalArgumentException("no certification permits " + permission);
            }
            pdf.setSignerProperties(properties);
            var signature = new PrivateKeySignature(signer.key, DigestAlgorithms.SHA256, null);
            pdf.signDetached(
                    new BouncyCastleDigest(), signature, signer.chain, null, null, null, 0,
                    PdfSigner.CryptoStandard.CADES);
        }
        return "";
    }
}
