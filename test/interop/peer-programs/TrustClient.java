import java.net.URL;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;

/** Asks an address with nothing but the roots that this Java trusts: prints the status, or `refused`. */
class TrustClient {
  public static void main(String[] args) throws Exception {
    HttpsURLConnection connection = (HttpsURLConnection) new URL(args[0]).openConnection();
    connection.setConnectTimeout(10_000);
    connection.setReadTimeout(10_000);
    try {
      System.out.println(connection.getResponseCode());
    } catch (SSLHandshakeException e) {
      System.out.println("refused");
    }
  }
}
