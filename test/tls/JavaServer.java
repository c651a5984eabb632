import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.*;

/** A TLS server: java JavaServer.java PORT KEYSTORE.p12 PROTOCOLS SUITES [TRUST.p12], protocols and suites as comma lists.
 *  Speaks what OpenSSL no longer does where jdk.tls.disabledAlgorithms is emptied. With TRUST it demands a client certificate.
 *  Completes handshakes and answers anything with an empty 200. */
public class JavaServer {
  public static void main(String[] args) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(new FileInputStream(args[1]), "lab".toCharArray());
    KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
    managers.init(keys, "lab".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager[] trusted = null;
    if (args.length > 4) {
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(new FileInputStream(args[4]), "lab-lab".toCharArray());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(anchors);
      trusted = trust.getTrustManagers();
    }
    context.init(managers.getKeyManagers(), trusted, null);
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(Integer.parseInt(args[0]), 50, loopback);
    server.setEnabledProtocols(args[2].split(","));
    server.setEnabledCipherSuites(args[3].split(","));
    server.setNeedClientAuth(trusted != null);
    while (true) {
      SSLSocket socket = (SSLSocket) server.accept();
      new Thread(() -> {
        try (socket) {
          socket.startHandshake();
          if (socket.getInputStream().read() >= 0) {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes());
          }
        } catch (Exception refused) {
          // the client's doing
        }
      }).start();
    }
  }
}
