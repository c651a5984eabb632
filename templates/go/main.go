// {{server_name}}: TLS {{#client_auth}}and client certificates {{/client_auth}}with Go's net/http, written by `{{command}}`.
// Level: {{level}} ({{policy}}, {{policy_source}}).
//
//	go run main.go -check     do the files that it names fit together?
//	go run main.go            run it (Go 1.19 or later, the standard library alone); Ctrl-C or SIGTERM stops it
//
// It reads its certificate{{#client_auth}}, the CAs and the CRLs{{/client_auth}} anew when they change: nothing is to be restarted.
package main

import (
	"context"
{{#client_auth}}
	"crypto/rsa"
{{/client_auth}}
{{#names_client}}
	"crypto/sha256"
{{/names_client}}
	"crypto/tls"
{{#reads_cas}}
	"crypto/x509"
{{/reads_cas}}
{{#client_auth}}
	"crypto/x509/pkix"
	"encoding/asn1"
{{/client_auth}}
{{#names_client}}
	"encoding/base64"
	"encoding/hex"
{{/names_client}}
	"encoding/json"
{{#client_auth}}
	"encoding/pem"
{{/client_auth}}
{{#uses_errors}}
	"errors"
{{/uses_errors}}
	"fmt"
	"log"
	"net"
	"net/http"
{{#upstream}}
	"net/http/httputil"
	"net/url"
{{/upstream}}
	"os"
	"os/signal"
{{#upstream}}
	"regexp"
	"strings"
{{/upstream}}
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// --- Settings: what is different on each machine.

const listenAddress = {{listen}}

// Read at the start, and again whenever one of them changes: nothing is restarted.
const (
	// The server's own, the issuing CA after it; clients know the root.
	certificateFile = {{fullchain}}
	privateKeyFile  = {{privkey}}
{{#client_auth}}
	// Whose clients get in: no public CA may be in it.
	caFile = {{ca_chain}}
	// The CRL of every CA in that file, the root's too.
	crlFile = {{crl_chain}}
{{/client_auth}}
{{^client_auth}}
{{#upstream_tls}}
	// Who signs the certificate of the upstream.
	caFile = {{ca_chain}}
{{/upstream_tls}}
{{/client_auth}}
)
{{#upstream}}

// Where requests are passed on to.
const upstreamURL = {{upstream_url}}
{{/upstream}}
{{#client_auth}}

// Who may come in: whole subjects as RFC 4514 writes them ("CN=alice,O=Acme"), or names of the subjectAltName
// ("URI:spiffe://acme/billing", "DNS:…", "email:…"). Empty: everybody with a certificate of ours.
var allowed = []string{{allowed}}
{{^upstream}}

// Who may see /admin, named in the same way. Empty: nobody.
var admins = []string{}
{{/upstream}}
{{/client_auth}}

// What one client may cost.
const (
	requestsPerWindow = 1000 // of one {{#client_auth}}subject; of one address where there is no certificate{{/client_auth}}{{^client_auth}}address{{/client_auth}}
	window            = 10 * time.Second
	bodyBytes         = 1 << 20
	headerBytes       = 16 << 10
	maxConnections    = 1024
	grace             = 10 * time.Second // for answers under way when the server stops
)

// --- The application.

func application() (http.Handler, error) {
{{#upstream}}
	return forward()
{{/upstream}}
{{^upstream}}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			refuse(w, http.StatusNotFound, "there is nothing here")
			return
		}
		answer(w, http.StatusOK, map[string]any{
{{#client_auth}}
			"client":      clientOf(r),
{{/client_auth}}
			"protocol":    protocolName(r.TLS.Version),
			"cipherSuite": tls.CipherSuiteName(r.TLS.CipherSuite),
		})
	})
	mux.HandleFunc("/echo", echo)
{{#client_auth}}
	mux.HandleFunc("/admin", func(w http.ResponseWriter, r *http.Request) {
		if !clientOf(r).isOneOf(admins) {
			refuse(w, http.StatusForbidden, "you may not do that")
			return
		}
		answer(w, http.StatusOK, map[string]any{"secret": "for admins alone"})
	})
{{/client_auth}}
	return mux, nil
{{/upstream}}
}
{{^upstream}}

// Input is looked at before it is used: of the type and length that is expected, or an error that says what is.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "send it by POST")
		return
	}
	var body struct {
		Text *string `json:"text"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil || body.Text == nil || len(*body.Text) > 1000 {
		refuse(w, http.StatusBadRequest, `send {"text": "at most 1,000 octets"}`)
		return
	}
	answer(w, http.StatusOK, body)
}

func protocolName(version uint16) string {
	return map[uint16]string{tls.VersionTLS12: "TLSv1.2", tls.VersionTLS13: "TLSv1.3"}[version]
}
{{/upstream}}
{{#upstream}}

{{forward}}
{{/upstream}}

// --- Who is let in.

// gated stands before the application: nothing reaches it that has not passed here. The handshake has judged the
// certificate; here is judged, with each request, what may have changed since, and who may do how much.
func gated(application http.Handler) http.Handler {
	var limit limiter
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Strict-Transport-Security", "max-age={{hsts_max_age}}") // browsers shall never come back without TLS
		who, _, _ := net.SplitHostPort(r.RemoteAddr)
{{#client_auth}}
		client, err := identify(r.TLS)
		if err != nil {
			w.Header().Set("Connection", "close")
			refuse(w, http.StatusForbidden, err.Error())
			return
		}
{{#require}}
		if len(allowed) > 0 && !client.isOneOf(allowed) {
{{/require}}
{{#optional}}
		if client != nil && len(allowed) > 0 && !client.isOneOf(allowed) {
{{/optional}}
			refuse(w, http.StatusForbidden, "you may not do that")
			return
		}
		if client != nil {
			who = client.Subject
		}
{{/client_auth}}
		if !limit.take(who, time.Now()) {
			w.Header().Set("Retry-After", fmt.Sprint(int(window.Seconds())))
			refuse(w, http.StatusTooManyRequests, "too many requests")
			return
		}
		if r.ContentLength > bodyBytes {
			w.Header().Set("Connection", "close")
			refuse(w, http.StatusRequestEntityTooLarge, "the body is too large")
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyBytes)
{{#client_auth}}
		r = r.WithContext(context.WithValue(r.Context(), identityKey{}, client))
{{/client_auth}}
		application.ServeHTTP(w, r)
	})
}
{{#client_auth}}

// identity is whom the handshake has verified.
type identity struct {
	Subject string    `json:"subject"`
	Names   []string  `json:"names"`
	Serial  string    `json:"serialNumber"`
	Until   time.Time `json:"notAfter"`

	certificate *x509.Certificate
}

type identityKey struct{}

// clientOf gives a handler the client of a request; nil for nobody in particular.
func clientOf(r *http.Request) *identity {
	client, _ := r.Context().Value(identityKey{}).(*identity)
	return client
}

// identify looks at the chains that the handshake has verified, again with each request: a client that was revoked, or
// whose certificate has run out, is not served on the connection that it opened before.
func identify(state *tls.ConnectionState) (*identity, error) {
	if len(state.PeerCertificates) == 0 {
{{#require}}
		return nil, errors.New("a client certificate is needed")
{{/require}}
{{#optional}}
		return nil, nil // nameless: what they may see is decided by each handler
{{/optional}}
	}
	if err := current.Load().clients.check(state.VerifiedChains, time.Now()); err != nil {
		return nil, err
	}
	certificate := state.PeerCertificates[0]
	subject, err := distinguishedName(certificate.RawSubject)
	if err != nil {
		return nil, err
	}
	return &identity{subject, alternativeNames(certificate), fmt.Sprintf("%X", certificate.SerialNumber), certificate.NotAfter, certificate}, nil
}

// isOneOf compares the whole subject, or a name of the subjectAltName; never a part: CN=alice is in CN=alice,O=Evil too.
func (client *identity) isOneOf(known []string) bool {
	if client == nil {
		return false
	}
	for _, name := range known {
		if name == client.Subject {
			return true
		}
		for _, own := range client.Names {
			if name == own {
				return true
			}
		}
	}
	return false
}

// distinguishedName writes a name as RFC 4514 does, last part first, all of it: pkix.Name would leave out what it does not
// know.
func distinguishedName(der []byte) (string, error) {
	var sequence pkix.RDNSequence
	if _, err := asn1.Unmarshal(der, &sequence); err != nil {
		return "", err
	}
	return sequence.String(), nil
}

func alternativeNames(certificate *x509.Certificate) []string {
	names := []string{}
	for _, name := range certificate.DNSNames {
		names = append(names, "DNS:"+name)
	}
	for _, name := range certificate.EmailAddresses {
		names = append(names, "email:"+name)
	}
	for _, name := range certificate.URIs {
		names = append(names, "URI:"+name.String())
	}
	for _, name := range certificate.IPAddresses {
		names = append(names, "IP:"+name.String())
	}
	return names
}
{{/client_auth}}

// limiter counts in windows that are forgotten as a whole: no client can fill the memory for longer than that.
type limiter struct {
	mutex  sync.Mutex
	counts map[string]int
	until  time.Time
}

func (l *limiter) take(who string, now time.Time) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if now.After(l.until) {
		l.counts, l.until = map[string]int{}, now.Add(window)
	}
	l.counts[who]++
	return l.counts[who] <= requestsPerWindow
}

func refuse(w http.ResponseWriter, status int, why string) {
	answer(w, status, map[string]any{"error": why})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have gone
}

// --- TLS.

// settings are what the files held when they were last read.
type settings struct {
	config *tls.Config
{{#client_auth}}
	// Whose clients get in.
	clients *clients
{{/client_auth}}
}

var current atomic.Pointer[settings]

// load reads the files. An error where they cannot be used, or not together.
func load() (*settings, error) {
	certificate, err := tls.LoadX509KeyPair(certificateFile, privateKeyFile)
	if err != nil {
		return nil, err
	}
	certificate.SupportedSignatureAlgorithms = []tls.SignatureScheme{ // without SHA-1, which Go would take in TLS 1.2
		tls.ECDSAWithP256AndSHA256, tls.ECDSAWithP384AndSHA384, tls.ECDSAWithP521AndSHA512, tls.Ed25519,
		tls.PSSWithSHA256, tls.PSSWithSHA384, tls.PSSWithSHA512,
		tls.PKCS1WithSHA256, tls.PKCS1WithSHA384, tls.PKCS1WithSHA512,
	}
{{#client_auth}}
	clients, err := loadClients(time.Now())
	if err != nil {
		return nil, err
	}
{{/client_auth}}
	config := &tls.Config{
		Certificates: []tls.Certificate{certificate},
		// What the level "{{level}}" allows.
		MinVersion: {{minimum_version}},
{{#tls12}}
		// For TLS 1.2; the suites of TLS 1.3 are all good, and Go takes no list of them.
		CipherSuites: []uint16{
			{{cipher_list}}
		},
{{/tls12}}
		// For the key exchange of both.
		CurvePreferences: []tls.CurveID{{groups}},
		// The first that the client has, too.
		NextProtos: []string{"h2", "http/1.1"},
		// No resumption: with tickets a client that was revoked could go on with its old session. Keep-alive and HTTP/2 make
		// up for most of it.
		SessionTicketsDisabled: true,
{{#client_auth}}
{{#require}}
		// Everybody must show a certificate of ours; who has none, or a bad one, is refused by a TLS alert, and our log says
		// why. Never RequireAnyClientCert: it lets in certificates that nobody has verified.
		ClientAuth: tls.RequireAndVerifyClientCert,
{{/require}}
{{#optional}}
		// A certificate is asked for, and who has none may come in all the same. A bad one is refused by a TLS alert. Never
		// RequestClientCert: it lets in certificates that nobody has verified.
		ClientAuth: tls.VerifyClientCertIfGiven,
{{/optional}}
		// Only their names are sent to clients as acceptable, only their certificates get in.
		ClientCAs: clients.pool,
		// Go knows nothing of revocation by itself. VerifyConnection, not VerifyPeerCertificate: that one is not called when
		// a session is resumed.
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return nil // ClientAuth has decided
			}
			return clients.check(state.VerifiedChains, time.Now())
		},
{{/client_auth}}
	}
	return &settings{config{{#client_auth}}, clients{{/client_auth}}}, nil
}
{{#client_auth}}

// clients are the CAs whose clients get in, and whom they have revoked.
type clients struct {
	pool *x509.CertPool
	crls map[issuer]*crl
}

// issuer is a CA by its name and key: another of the same name has another list.
type issuer struct{ subject, publicKey string }

type crl struct {
	revoked                map[string]bool
	thisUpdate, nextUpdate time.Time
}

func issuerOf(ca *x509.Certificate) issuer {
	return issuer{string(ca.RawSubject), string(ca.RawSubjectPublicKeyInfo)}
}

func loadClients(now time.Time) (*clients, error) {
	var cas []*x509.Certificate
	err := eachBlock(caFile, "CERTIFICATE", func(der []byte) error {
		ca, err := x509.ParseCertificate(der)
		cas = append(cas, ca)
		return err
	})
	if err != nil {
		return nil, err
	}
	loaded := &clients{pool: x509.NewCertPool(), crls: make(map[issuer]*crl)}
	err = eachBlock(crlFile, "X509 CRL", func(der []byte) error { return loaded.add(der, cas) })
	if err != nil {
		return nil, err
	}
	for _, ca := range cas {
		if !loaded.isRevokedBy(ca, cas) {
			loaded.pool.AddCert(ca) // a CA that was revoked itself is no CA of ours any more
		}
	}
	return loaded, nil
}

// add takes a CRL of one of our CAs, if that has signed it.
func (c *clients) add(der []byte, cas []*x509.Certificate) error {
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return err
	}
	for _, extension := range list.Extensions {
		if extension.Critical { // a delta, or the list of a part: not what we need
			return fmt.Errorf("%s: a CRL of %s has a critical extension, %s", crlFile, list.Issuer, extension.Id)
		}
	}
	for _, ca := range cas {
		if list.CheckSignatureFrom(ca) != nil {
			continue
		}
		revoked := make(map[string]bool, len(list.RevokedCertificates))
		for _, entry := range list.RevokedCertificates {
			revoked[string(entry.SerialNumber.Bytes())] = true
		}
		c.crls[issuerOf(ca)] = &crl{revoked, list.ThisUpdate, list.NextUpdate}
		return nil
	}
	return fmt.Errorf("%s: a CRL of %s is not signed by a CA in %s", crlFile, list.Issuer, caFile)
}

func (c *clients) isRevokedBy(certificate *x509.Certificate, cas []*x509.Certificate) bool {
	for _, ca := range cas {
		list := c.crls[issuerOf(ca)]
		if list != nil && list.revoked[string(certificate.SerialNumber.Bytes())] && certificate.CheckSignatureFrom(ca) == nil {
			return true
		}
	}
	return false
}

// check wants one chain of which every certificate is good today. Where a CRL is missing, or out of date, nobody gets in:
// `sslapi gen-crl --refresh` from cron, daily.
func (c *clients) check(chains [][]*x509.Certificate, now time.Time) error {
	for _, list := range c.crls {
		if now.Before(list.thisUpdate) || !now.Before(list.nextUpdate) {
			return errors.New("a CRL is out of date")
		}
	}
	why := errors.New("the client certificate was not verified")
	for _, chain := range chains {
		if why = c.checkChain(chain, now); why == nil {
			return nil
		}
	}
	return why
}

func (c *clients) checkChain(chain []*x509.Certificate, now time.Time) error {
	for _, certificate := range chain {
		if now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
			return errors.New("the client certificate has expired")
		}
		if key, isRSA := certificate.PublicKey.(*rsa.PublicKey); isRSA && key.N.BitLen() < 2048 {
			return errors.New("the key of the client certificate is too short")
		}
	}
	if usage := chain[0].KeyUsage; usage != 0 && usage&x509.KeyUsageDigitalSignature == 0 {
		return errors.New("the key of the client certificate is for something else")
	}
	for index, ca := range chain[1:] {
		list := c.crls[issuerOf(ca)]
		if list == nil {
			return errors.New("there is no CRL of the client certificate's issuer")
		}
		if list.revoked[string(chain[index].SerialNumber.Bytes())] {
			return errors.New("the client certificate is revoked")
		}
	}
	return nil
}

// eachBlock hands out what a PEM file holds of one kind. An error where it holds none.
func eachBlock(file, kind string, take func(der []byte) error) error {
	rest, err := os.ReadFile(file)
	found := false
	for err == nil {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == kind {
			found = true
			err = take(block.Bytes)
		}
	}
	if err == nil && !found {
		err = fmt.Errorf("there is no %s in %s", kind, file)
	}
	return err
}
{{/client_auth}}

// --- The life of the server.

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	loaded, err := load()
	if err != nil {
		return err
	}
	current.Store(loaded)
	app, err := application()
	if err != nil {
		return err
	}
	if len(os.Args) > 1 && os.Args[1] == "-check" {
		fmt.Println("the files fit together")
		return nil
	}
	var open atomic.Int64
	server := &http.Server{
		Addr:    listenAddress,
		Handler: gated(app),
		TLSConfig: &tls.Config{
			MinVersion:         {{minimum_version}},
			NextProtos:         []string{"h2", "http/1.1"},
			GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return current.Load().config, nil },
		},
		// Slow and large requests; the shortest of these is the time for a handshake, too.
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       30 * time.Second,
		MaxHeaderBytes:    headerBytes,
		ConnState: func(connection net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				if open.Add(1) > maxConnections {
					connection.Close()
				}
			case http.StateClosed, http.StateHijacked:
				open.Add(-1)
			}
		},
	}
	go watch()
	stopped := make(chan error)
	go func() { stopped <- stopOnSignal(server) }()
	log.Printf("listening on %s", listenAddress)
	if err := server.ListenAndServeTLS(certificateFile, privateKeyFile); err != http.ErrServerClosed {
		return err
	}
	return <-stopped
}

// watch reads the files anew when they change, within a second, or at SIGHUP. New connections are judged by what they hold
// now, and every request on the open ones.
func watch() {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	second := time.NewTicker(time.Second)
	seen := stamps()
	for {
		select {
		case <-hangup:
		case <-second.C:
			if seen == stamps() {
				continue
			}
		}
		seen = stamps()
		loaded, err := load()
		if err != nil {
			log.Printf("not reloaded: %v", err) // half written, perhaps: the old ones are kept until the next change
			continue
		}
		current.Store(loaded)
		log.Print("reloaded")
	}
}

// stamps change whenever one of the files does.
func stamps() string {
	all := ""
	for _, file := range []string{certificateFile, privateKeyFile{{#reads_cas}}, caFile{{/reads_cas}}{{#client_auth}}, crlFile{{/client_auth}}} {
		if info, err := os.Stat(file); err == nil {
			all += fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size(), "\n")
		} else {
			all += "gone\n"
		}
	}
	return all
}

// stopOnSignal takes no more connections, lets answers under way finish, and ends.
func stopOnSignal(server *http.Server) error {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	log.Print("stopping")
	limited, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(limited); err != nil {
		return server.Close()
	}
	return nil
}
