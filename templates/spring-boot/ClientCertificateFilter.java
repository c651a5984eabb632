import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * What stands before the application: nothing reaches a controller that has not passed here. TLS has verified the
 * certificate; here is judged, with each request, what TLS does not know (revocation), what may have changed since, and who
 * may do how much. A controller finds the client in `request.getUserPrincipal()`.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class ClientCertificateFilter implements Filter {
    private static final Path CA_FILE = Path.of({{ca_path}});
    /** The CRL of every CA in that file, the root's too. */
    private static final Path CRL_FILE = Path.of({{crl_path}});

    /**
     * Who may come in: whole subjects as RFC 4514 writes them ("CN=alice,O=Acme"), or names of the subjectAltName
     * ("URI:spiffe://acme/billing", "DNS:…", "email:…"). Empty: everybody with a certificate of ours.
     */
    private static final List<String> ALLOWED = List.of({{allowed}});

    /** Who may see what begins with this path, named in the same way. Empty: nobody. */
    private static final Map<String, List<String>> PLACES = Map.of("/admin", List.of());

    private static final int REQUESTS = 1000; // of one subject in a window; of one address where there is no certificate
    private static final long WINDOW_MS = 10_000;
    private static final long BODY_BYTES = 1_048_576;

    private final ClientCertificates certificates;
    private final Map<String, Integer> counts = new HashMap<>();
    private long windowEnds;

    public ClientCertificateFilter() throws IOException, GeneralSecurityException {
        certificates = new ClientCertificates(CA_FILE, CRL_FILE);
    }

    @Override
    public void doFilter(ServletRequest plainRequest, ServletResponse plainResponse, FilterChain next)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plainRequest;
        HttpServletResponse response = (HttpServletResponse) plainResponse;
        response.setHeader("Strict-Transport-Security", "max-age={{hsts_max_age}}"); // browsers shall never come back without TLS
        X509Certificate[] shown = (X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate");
        X500Principal client = null;
        List<String> names = List.of();
        if (shown != null && shown.length > 0) {
            try {
                certificates.check(shown);
                client = shown[0].getSubjectX500Principal();
                names = namesOf(shown[0]);
            } catch (CertificateException e) {
                response.setHeader("Connection", "close");
                refuse(response, HttpServletResponse.SC_FORBIDDEN, e.getMessage());
                return;
            }
{{#require}}
        } else {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "a client certificate is needed");
            return;
        }
        if (!ALLOWED.isEmpty() && !isOneOf(names, ALLOWED)) {
{{/require}}
{{#optional}}
        }
        // Nobody in particular may come in: what they may see is decided by PLACES and the controllers.
        if (client != null && !ALLOWED.isEmpty() && !isOneOf(names, ALLOWED)) {
{{/optional}}
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "you may not do that");
            return;
        }
        for (Map.Entry<String, List<String>> place : PLACES.entrySet()) {
            if (isWithin(request, place.getKey()) && !isOneOf(names, place.getValue())) {
                refuse(response, HttpServletResponse.SC_FORBIDDEN, "you may not do that");
                return;
            }
        }
        if (!isWithinLimit(client == null ? request.getRemoteAddr() : client.getName())) {
            response.setHeader("Retry-After", String.valueOf(WINDOW_MS / 1000));
            refuse(response, 429, "too many requests");
            return;
        }
        if (request.getContentLengthLong() > BODY_BYTES) {
            refuse(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "the body is too large");
            return;
        }
        if (request.getContentLengthLong() < 0 && request.getHeader("Transfer-Encoding") != null) {
            refuse(response, HttpServletResponse.SC_LENGTH_REQUIRED, "say how long the body is");
            return;
        }
        next.doFilter(named(request, client), response);
    }

    private static HttpServletRequest named(HttpServletRequest request, X500Principal client) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public Principal getUserPrincipal() {
                return client;
            }

            @Override
            public String getRemoteUser() {
                return client == null ? null : client.getName();
            }
        };
    }

    /** The whole subject and the names of the subjectAltName. A part of a subject is never compared. */
    private static List<String> namesOf(X509Certificate certificate) throws CertificateException {
        List<String> names = new ArrayList<>(List.of(certificate.getSubjectX500Principal().getName()));
        if (certificate.getSubjectAlternativeNames() == null) return names;
        for (List<?> name : certificate.getSubjectAlternativeNames()) {
            String kind = KINDS.get((Integer) name.get(0));
            if (kind != null) names.add(kind + ":" + name.get(1));
        }
        return names;
    }

    private static boolean isOneOf(List<String> names, List<String> known) {
        return names.stream().anyMatch(known::contains);
    }

    /** The path as the server itself has decoded and cleaned it; without what comes after a semicolon, in any case. */
    private static boolean isWithin(HttpServletRequest request, String place) {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        return path.equalsIgnoreCase(place) || path.regionMatches(true, 0, place + "/", 0, place.length() + 1);
    }

    /** Counts in windows that are forgotten as a whole: no client can fill the memory for longer than that. */
    private synchronized boolean isWithinLimit(String who) {
        long now = System.currentTimeMillis();
        if (now > windowEnds) {
            windowEnds = now + WINDOW_MS;
            counts.clear();
        }
        return counts.merge(who, 1, Integer::sum) <= REQUESTS;
    }

    private static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        String plain = why.replaceAll("[^ !#-\\[\\]-~]", "?"); // no quote, no backslash, ASCII alone
        response.getOutputStream().write(("{\"error\": \"" + plain + "\"}\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static final Map<Integer, String> KINDS = Map.of(1, "email", 2, "DNS", 6, "URI", 7, "IP");
}
