import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationSquare;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureInterface;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** What PDFBox does, with BouncyCastle for the signatures: BER of indefinite length, as it writes by itself. */
final class Box {
    private Box() {}

    /** Fills in `field=value`s. */
    static String fill(String source, String target, List<String> values, boolean append) throws Exception {
        try (PDDocument pdf = Loader.loadPDF(new File(source))) {
            PDAcroForm form = pdf.getDocumentCatalog().getAcroForm(null);
            for (String pair : values) {
                int at = pair.indexOf('=');
                form.getField(pair.substring(0, at)).setValue(pair.substring(at + 1));
            }
            save(pdf, target, append);
        }
        return "";
    }

    /** Signs in a field that is there. */
    static String sign(String source, String target, Signer signer, String field, int permission)
            throws Exception {
        try (PDDocument pdf = Loader.loadPDF(new File(source))) {
            PDAcroForm form = pdf.getDocumentCatalog().getAcroForm(null);
            PDSignatureField place = (PDSignatureField) form.getField(field);
            PDSignature signature = new PDSignature();
            place.getCOSObject().setItem(COSName.V, signature);
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
            signature.setName(signer.certificate().getSubjectX500Principal().getName());
            signature.setSignDate(Calendar.getInstance());
            if (permission > 0) {
                certify(pdf, signature, permission);
            }
            pdf.addSignature(signature, content(signer), new SignatureOptions());
            save(pdf, target, true);
        }
        return "";
    }

    private static SignatureInterface content(Signer signer) {
        return input -> {
            try {
                var digests = new JcaDigestCalculatorProviderBuilder().build();
                var content = new JcaContentSignerBuilder(signer.algorithm()).build(signer.key);
                var generator = new CMSSignedDataGenerator();
                generator.addSignerInfoGenerator(
                        new JcaSignerInfoGeneratorBuilder(digests).build(content, signer.certificate()));
                generator.addCertificates(new JcaCertStore(Arrays.asList(signer.chain)));
                var signed = new CMSProcessableByteArray(input.readAllBytes());
                return generator.generate(signed, false).getEncoded();
            } catch (Exception problem) {
                throw new IOException(problem);
            }
        };
    }

    /** Makes a signature a certification (ISO 32000-1, 12.8.2.2). */
    private static void certify(PDDocument pdf, PDSignature signature, int permission) {
        COSDictionary parameters = new COSDictionary();
        parameters.setName(COSName.TYPE, "TransformParams");
        parameters.setInt(COSName.P, permission);
        parameters.setName(COSName.V, "1.2");
        COSDictionary reference = new COSDictionary();
        reference.setName(COSName.TYPE, "SigRef");
        reference.setName("TransformMethod", "DocMDP");
        reference.setItem("TransformParams", parameters);
        COSArray references = new COSArray();
        references.add(reference);
        signature.getCOSObject().setItem("Reference", references);
        COSDictionary permissions = new COSDictionary();
        permissions.setItem("DocMDP", signature);
        COSDictionary catalog = pdf.getDocumentCatalog().getCOSObject();
        catalog.setItem("Perms", permissions);
        catalog.setNeedToBeUpdated(true);
    }

    /** Appends a change that nobody signed. */
    static String change(String source, String target, String how) throws Exception {
        try (PDDocument pdf = Loader.loadPDF(new File(source))) {
            PDPage page = pdf.getPage(1);
            switch (how) {
                case "painted":
                    paint(pdf, page);
                    break;
                case "page-removed":
                    pdf.removePage(page);
                    pdf.getPages().getCOSObject().setNeedToBeUpdated(true);
                    break;
                case "annotated":
                    PDAnnotationSquare square = new PDAnnotationSquare();
                    square.setRectangle(new PDRectangle(100, 100, 200, 50));
                    square.setContents("NIET van toepassing");
                    square.constructAppearances(pdf);
                    page.getAnnotations().add(square);
                    page.getCOSObject().setNeedToBeUpdated(true);
                    break;
                default:
                    throw new IllegalArgumentException("no change is called " + how);
            }
            save(pdf, target, true);
        }
        return "";
    }

    private static void paint(PDDocument pdf, PDPage page) throws IOException {
        try (var content = new PDPageContentStream(pdf, page, AppendMode.APPEND, true, true)) {
            content.beginText();
            content.setFont(new PDType1Font(FontName.HELVETICA_BOLD), 24);
            content.newLineAtOffset(100, 400);
            content.showText("NIET van toepassing");
            content.endText();
        }
        page.getCOSObject().setNeedToBeUpdated(true);
        page.getResources().getCOSObject().setNeedToBeUpdated(true);
    }

    private static void save(PDDocument pdf, String target, boolean append) throws IOException {
        if (!append) {
            pdf.save(target);
            return;
        }
        try (var output = new FileOutputStream(target)) {
            pdf.saveIncremental(output);
        }
    }
}
