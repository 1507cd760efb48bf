import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;

/** Who signs: the only key of a PKCS#12 file, whose pass phrase is `secret`. */
final class Signer {
    static final char[] PASS_PHRASE = "secret".toCharArray();

    final String file;
    final PrivateKey key;
    final Certificate[] chain;

    Signer(String file) throws Exception {
        this.file = file;
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var input = new FileInputStream(file)) {
            store.load(input, PASS_PHRASE);
        }
        String alias = store.aliases().nextElement();
        this.key = (PrivateKey) store.getKey(alias, PASS_PHRASE);
        this.chain = store.getCertificateChain(alias);
    }

    X509Certificate certificate() {
        return (X509Certificate) chain[0];
    }

    String algorithm() {
        return key.getAlgorithm().startsWith("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    }
}
