import java.io.FileInputStream;
import java.net.InetAddress;
import java.security.KeyStore;
import javax.net.ssl.*;

/** A TLS server for what OpenSSL no longer speaks: java LegacyServer.java PORT KEYSTORE.p12 PROTOCOLS SUITES (comma lists).
 *  Needs jdk.tls.disabledAlgorithms emptied. Completes handshakes and says nothing. */
public class LegacyServer {
  public static void main(String[] args) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(new FileInputStream(args[1]), "lab".toCharArray());
    KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
    managers.init(keys, "lab".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    SSLServerSocket server =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(Integer.parseInt(args[0]), 50, loopback);
    server.setEnabledProtocols(args[2].split(","));
    server.setEnabledCipherSuites(args[3].split(","));
    while (true) {
      SSLSocket socket = (SSLSocket) server.accept();
      new Thread(() -> {
        try (socket) {
          socket.startHandshake();
        } catch (Exception refused) {
          // the client's doing
        }
      }).start();
    }
  }
}
