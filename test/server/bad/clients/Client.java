import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.time.Duration;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Calls each URL as java.net.http does: Client CA CRL NAME=URL... A line of JSON for each. Where the name begins with
 *  crl: it checks the CRL. */
public class Client {
  public static void main(String[] args) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
    anchors.load(null, null);
    try (FileInputStream file = new FileInputStream(args[0])) {
      anchors.setCertificateEntry("ca", factory.generateCertificate(file));
    }
    HttpClient plain = client(new PKIXBuilderParameters(anchors, new X509CertSelector()), false);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
    try (FileInputStream file = new FileInputStream(args[1])) {
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(factory.generateCRLs(file))));
    }
    HttpClient checking = client(parameters, true);
    for (int at = 2; at < args.length; at++) {
      String[] call = args[at].split("=", 2);
      HttpClient client = call[0].startsWith("crl:") ? checking : plain;
      boolean accepted = false;
      String why;
      try {
        HttpRequest request = HttpRequest.newBuilder(URI.create(call[1])).timeout(Duration.ofSeconds(10)).build();
        why = String.valueOf(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        accepted = true;
      } catch (Exception error) {
        why = String.valueOf(error.getMessage());
      }
      why = why.replaceAll("[^ -~]|[\"\\\\]", " ");
      System.out.println("{\"name\": \"" + call[0] + "\", \"accepted\": " + accepted + ", \"why\": \"" + why + "\"}");
    }
  }

  private static HttpClient client(PKIXBuilderParameters parameters, boolean checksRevocation) throws Exception {
    parameters.setRevocationEnabled(checksRevocation);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(new CertPathTrustManagerParameters(parameters));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder()
        .sslContext(context)
        .connectTimeout(Duration.ofSeconds(10))
        .version(HttpClient.Version.HTTP_1_1)
        .build();
  }
}
