import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Speaks one old version with every suite that it knows: OldClient CA VERSION=PORT... Whether it went along is the server's to
 *  tell. Knows more than today's clients where jdk.tls.disabledAlgorithms is emptied. */
public class OldClient {
  public static void main(String[] args) throws Exception {
    KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
    anchors.load(null, null);
    try (FileInputStream file = new FileInputStream(args[0])) {
      anchors.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(anchors);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    for (int at = 1; at < args.length; at++) {
      String[] call = args[at].split("=", 2);
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(call[1]))) {
        socket.setEnabledProtocols(new String[] {call[0]});
        socket.setEnabledCipherSuites(socket.getSupportedCipherSuites());
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
        socket.getInputStream().readAllBytes();
      } catch (Exception ended) {
        System.err.println(args[at] + ": " + ended.getMessage());
      }
    }
  }
}
