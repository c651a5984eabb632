import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a client certificate is good today: what TLS has not looked at. It reads the CAs and the CRLs anew when they
 * change, within a second. Plain Java 17; nothing in it is Spring's.
 */
public final class ClientCertificates {
    private final Path caFile;
    private final Path crlFile;
    private Reading reading;
    private long lookedAt;

    /** What the files held when they were last read. */
    private record Reading(
            List<X509Certificate> cas,
            Map<X509Certificate, X509CRL> crls,
            Map<X509Certificate, List<X509Certificate>> paths,
            List<FileTime> stamps) {}

    /**
     * @param caFile the CAs whose clients get in
     * @param crlFile the CRL of every one of them, the root's too
     */
    public ClientCertificates(Path caFile, Path crlFile) throws IOException, GeneralSecurityException {
        this.caFile = caFile;
        this.crlFile = crlFile;
        this.reading = read();
    }

    /**
     * Throws unless every certificate from the client's up to the root is within its time and not revoked. Where the CRL
     * of one CA is missing, or out of date, nobody gets in: `sslapi gen-crl --refresh` from cron, daily.
     *
     * @param shown the client's certificate and what it has sent with it; TLS has verified them
     */
    public void check(X509Certificate[] shown) throws CertificateException {
        Reading now = current();
        X509Certificate client = shown[0];
        if (client.getKeyUsage() != null && !client.getKeyUsage()[DIGITAL_SIGNATURE]) {
            throw new CertificateException("the key of the client certificate is for something else");
        }
        if (now.paths().size() > MAXIMUM_PATHS) now.paths().clear();
        List<X509Certificate> path = now.paths().get(client);
        if (path == null) now.paths().put(client, path = pathOf(client, shown, now.cas()));
        for (int i = 0; i < path.size(); i++) {
            checkItself(path.get(i));
            if (i + 1 < path.size()) checkRevocation(path.get(i), now.crls().get(path.get(i + 1)));
        }
    }

    /** From the client's certificate up to a root of ours, signature by signature; found once for each certificate. */
    private static List<X509Certificate> pathOf(X509Certificate client, X509Certificate[] shown, List<X509Certificate> cas)
            throws CertificateException {
        List<X509Certificate> known = new ArrayList<>(cas);
        known.addAll(Arrays.asList(shown));
        List<X509Certificate> path = new ArrayList<>(List.of(client));
        while (path.size() < MAXIMUM_DEPTH) {
            X509Certificate last = path.get(path.size() - 1);
            if (isSignedBy(last, last)) {
                if (cas.contains(last)) return path;
                break;
            }
            path.add(issuerOf(last, known));
        }
        throw new CertificateException("the client certificate does not end at a root of ours");
    }

    private static void checkItself(X509Certificate certificate) throws CertificateException {
        certificate.checkValidity(new Date());
        if (certificate.getPublicKey() instanceof RSAKey key && key.getModulus().bitLength() < 2048) {
            throw new CertificateException("a key is too short");
        }
        if (certificate.getSigAlgName().matches("(?i)(sha-?1|md[25])with.*")) {
            throw new CertificateException("a signature is too weak");
        }
    }

    private static void checkRevocation(X509Certificate certificate, X509CRL crl) throws CertificateException {
        if (crl == null) throw new CertificateException("there is no CRL of an issuer");
        Instant now = Instant.now();
        if (crl.getThisUpdate().toInstant().isAfter(now) || !crl.getNextUpdate().toInstant().isAfter(now)) {
            throw new CertificateException("a CRL is out of date");
        }
        if (crl.isRevoked(certificate)) throw new CertificateException("the client certificate is revoked");
    }

    private static X509Certificate issuerOf(X509Certificate certificate, List<X509Certificate> known)
            throws CertificateException {
        for (X509Certificate candidate : known) if (isSignedBy(certificate, candidate)) return candidate;
        throw new CertificateException("an issuer is not known");
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) return false;
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private synchronized Reading current() {
        if (System.nanoTime() - lookedAt < 1_000_000_000L) return reading;
        lookedAt = System.nanoTime();
        try {
            if (!stamps().equals(reading.stamps())) reading = read();
        } catch (IOException | GeneralSecurityException e) {
            // Half written, perhaps: what was read before is kept, and the next second tries again.
            System.getLogger("ClientCertificates").log(System.Logger.Level.WARNING, "not reloaded: " + e.getMessage());
        }
        return reading;
    }

    private Reading read() throws IOException, GeneralSecurityException {
        List<FileTime> stamps = stamps();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> cas = new ArrayList<>();
        for (byte[] pem : blocks(caFile, "CERTIFICATE")) {
            cas.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(pem)));
        }
        Map<X509Certificate, X509CRL> crls = new HashMap<>();
        for (byte[] pem : blocks(crlFile, "X509 CRL")) {
            X509CRL crl = (X509CRL) factory.generateCRL(new ByteArrayInputStream(pem));
            crls.put(signerOf(crl, cas), crl);
        }
        return new Reading(cas, crls, new ConcurrentHashMap<>(), stamps);
    }

    /** The CA that has signed a CRL: anybody can write its name on one. */
    private X509Certificate signerOf(X509CRL crl, List<X509Certificate> cas) throws CertificateException {
        // A delta, or the list of a part, has a critical extension; and a list without an end is never out of date.
        Set<String> critical = crl.getCriticalExtensionOIDs();
        if (crl.getNextUpdate() == null || (critical != null && !critical.isEmpty())) {
            throw new CertificateException(crlFile + ": a CRL is not a whole one");
        }
        for (X509Certificate ca : cas) {
            if (!crl.getIssuerX500Principal().equals(ca.getSubjectX500Principal())) continue;
            try {
                crl.verify(ca.getPublicKey());
                return ca;
            } catch (GeneralSecurityException e) {
                // another CA of that name, perhaps
            }
        }
        throw new CertificateException(crlFile + ": a CRL is not signed by a CA in " + caFile);
    }

    private static List<byte[]> blocks(Path file, String kind) throws IOException, CertificateException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String begin = "-----BEGIN " + kind + "-----";
        String end = "-----END " + kind + "-----";
        List<byte[]> blocks = new ArrayList<>();
        for (int from = text.indexOf(begin); from >= 0; from = text.indexOf(begin, from + 1)) {
            int to = text.indexOf(end, from);
            if (to < 0) throw new CertificateException(file + " is not whole");
            blocks.add(text.substring(from, to + end.length()).getBytes(StandardCharsets.ISO_8859_1));
        }
        if (blocks.isEmpty()) throw new CertificateException("there is no " + kind + " in " + file);
        return blocks;
    }

    private List<FileTime> stamps() throws IOException {
        return List.of(Files.getLastModifiedTime(caFile), Files.getLastModifiedTime(crlFile));
    }

    private static final int DIGITAL_SIGNATURE = 0; // the first bit of keyUsage
    private static final int MAXIMUM_DEPTH = 8;
    private static final int MAXIMUM_PATHS = 10_000;
}
