import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/**
 * The Tomcat that is inside Spring Boot, told what Spring would tell it of application.yml: port, certificate, key, CAs,
 * verification, protocols, suites; and a folder to work in.
 */
public final class Application {
    public static void main(String[] args) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(Files.createTempDirectory(Path.of(args[7]), "tomcat").toString());
        Connector connector = new Connector();
        connector.setPort(Integer.parseInt(args[0]));
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("address", "127.0.0.1");
        AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
        protocol.setSSLEnabled(true);
        SSLHostConfig host = new SSLHostConfig();
        host.setCertificateVerification(args[4]);
        host.setProtocols(args[5]);
        host.setCiphers(args[6]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        int number = 0;
        ByteArrayInputStream cas = new ByteArrayInputStream(Files.readAllBytes(Path.of(args[3])));
        for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(cas)) {
            trusted.setCertificateEntry("ca" + number++, ca);
        }
        host.setTrustStore(trusted);
        SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateFile(args[1]);
        certificate.setCertificateKeyFile(args[2]);
        host.addCertificate(certificate);
        protocol.addSslHostConfig(host);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", tomcat.getServer().getCatalinaBase().getPath());
        FilterDef filter = new FilterDef();
        filter.setFilterName("gate");
        filter.setFilter(new ClientCertificateFilter());
        context.addFilterDef(filter);
        FilterMap everywhere = new FilterMap();
        everywhere.setFilterName("gate");
        everywhere.addURLPattern("/*");
        context.addFilterMap(everywhere);
        Tomcat.addServlet(context, "application", new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.setContentType("text/plain");
                response.getWriter().println("client: " + request.getRemoteUser());
            }
        }).addMapping("/*");
        tomcat.start();
        System.out.println("listening");
        tomcat.getServer().await();
    }
}
