import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Each argument is KIND=PATH; prints KIND and whether Java reads it. Beside the files lie issuer.pem and the password. */
public class Read {
  static X509Certificate issuer;
  static char[] password;

  public static void main(String[] args) throws Exception {
    issuer = certificate("issuer.pem");
    password = Files.readString(Path.of("password")).trim().toCharArray();
    for (String arg : args) {
      int at = arg.indexOf('=');
      String kind = arg.substring(0, at);
      try {
        read(kind, arg.substring(at + 1));
        System.out.println(kind + "=reads");
      } catch (Exception | LinkageError error) {
        System.out.println(kind + "=refuses");
        System.err.println(kind + ": " + error);
      }
    }
  }

  static void read(String kind, String path) throws Exception {
    switch (kind) {
      case "certificate" -> certificate(path).verify(issuer.getPublicKey());
      case "CRL" -> {
        try (var in = new FileInputStream(path)) {
          X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
          crl.verify(issuer.getPublicKey());
          if (crl.getRevokedCertificates().isEmpty()) throw new Exception("nobody is revoked");
        }
      }
      case "key" -> key(pem(path));
      case "encrypted key" -> {
        EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(pem(path));
        String algorithm = info.getAlgParameters().toString();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE,
            SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)), info.getAlgParameters());
        key(info.getKeySpec(cipher).getEncoded());
      }
      default -> {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = new FileInputStream(path)) {
          store.load(in, password);
        }
        PrivateKey key = (PrivateKey) store.getKey("alice", password);
        if (key == null) throw new Exception("there is no key");
        if (store.getCertificateChain("alice").length != 3) throw new Exception("the chain is not whole");
      }
    }
  }

  static X509Certificate certificate(String path) throws Exception {
    try (var in = new FileInputStream(path)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  static void key(byte[] pkcs8) throws Exception {
    Exception last = null;
    for (String algorithm : new String[] {"EC", "RSA", "Ed25519"}) {
      try {
        KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        return;
      } catch (Exception error) {
        last = error;
      }
    }
    throw last;
  }

  static byte[] pem(String path) throws Exception {
    return Base64.getMimeDecoder().decode(Files.readString(Path.of(path)).replaceAll("-----[^-]+-----", ""));
  }
}
