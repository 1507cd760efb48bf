import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.enumerations.CertificationPermission;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.File;
import java.security.KeyStore.PasswordProtection;
import java.util.Collection;
import java.util.StringJoiner;

/** What the European Commission's DSS does: PAdES baseline B. */
final class Dss {
    private Dss() {}

    /** Signs in a field that is there. */
    static String sign(String source, String target, Signer signer, String field, int permission)
            throws Exception {
        var password = new PasswordProtection(Signer.PASS_PHRASE);
        try (var token = new Pkcs12SignatureToken(signer.file, password)) {
            var key = token.getKeys().get(0);
            var parameters = new PAdESSignatureParameters();
            parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
            parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
            parameters.setSigningCertificate(key.getCertificate());
            parameters.setCertificateChain(key.getCertificateChain());
            parameters.getImageParameters().getFieldParameters().setFieldId(field);
            if (permission > 0) {
                parameters.setPermission(CertificationPermission.fromCode(permission));
            }
            var service = new PAdESService(new CommonCertificateVerifier());
            DSSDocument pdf = new FileDocument(source);
            var signature = token.sign(service.getDataToSign(pdf, parameters), DigestAlgorithm.SHA256, key);
            service.signDocument(pdf, parameters, signature).save(target);
        }
        return "";
    }

    /**
     * Each signature: `field|intact|value verified|pages that came, went, or look other since`; the trust
     * anchor is a file. What DSS has against objects says nothing here: those of a tagged PDF can be reached
     * through the structure tree too, and there it knows no field.
     */
    static String validate(String source, String anchor) throws Exception {
        var trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(new File(anchor)));
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(source));
        validator.setCertificateVerifier(verifier);
        var verdicts = new StringJoiner("\t");
        for (SignatureWrapper signature : validator.validateDocument().getDiagnosticData().getSignatures()) {
            verdicts.add(String.join(
                    "|",
                    String.join(",", signature.getSignatureFieldNames()),
                    String.valueOf(signature.isSignatureIntact()),
                    String.valueOf(signature.isSignatureValid()),
                    String.valueOf(
                            count(signature.getPdfPageDifferenceConcernedPages())
                                    + count(signature.getPdfVisualDifferenceConcernedPages()))));
        }
        return verdicts.toString();
    }

    /** Each signature: `field|format|indication`, with the certificate in a file as the anchor of trust. */
    static String level(String source, String anchor) throws Exception {
        var trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(new File(anchor)));
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        var validator = SignedDocumentValidator.fromDocument(new FileDocument(source));
        validator.setCertificateVerifier(verifier);
        var reports = validator.validateDocument();
        var report = reports.getSimpleReport();
        var verdicts = new StringJoiner("\t");
        for (SignatureWrapper signature : reports.getDiagnosticData().getSignatures()) {
            String id = signature.getId();
            verdicts.add(String.join(
                    "|",
                    String.join(",", signature.getSignatureFieldNames()),
                    String.valueOf(report.getSignatureFormat(id)),
                    String.valueOf(report.getIndication(id)) + " " + report.getSubIndication(id)));
        }
        return verdicts.toString();
    }

    private static int count(Collection<?> changes) {
        return changes == null ? 0 : changes.size();
    }
}
