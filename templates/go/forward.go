// forward passes requests on. What a client says of its own identity goes; what its certificate says comes. So the upstream
// may trust these names, as long as nobody else can reach it.
func forward() (http.Handler, error) {
	target, err := url.Parse(upstreamURL)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil
	transport.ResponseHeaderTimeout = 30 * time.Second
{{#upstream_tls}}
	// The upstream must show a certificate of our own CA for its name.
	roots, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: x509.NewCertPool()}
	if !transport.TLSClientConfig.RootCAs.AppendCertsFromPEM(roots) {
		return nil, fmt.Errorf("there is no certificate in %s", caFile)
	}
{{/upstream_tls}}
	return &httputil.ReverseProxy{
		Transport: transport,
		Director: func(r *http.Request) {
			r.URL.Scheme, r.URL.Host = target.Scheme, target.Host
			for name := range r.Header {
				if strings.Contains(name, "_") || identityHeader.MatchString(name) {
					r.Header.Del(name)
					delete(r.Header, name) // it may be there in another case, too
				}
			}
			// The names that a client lists in Connection are taken away after this: it could list ours.
			r.Header.Del("Connection")
			r.Header.Set("X-Forwarded-Proto", "https") // X-Forwarded-For follows by itself
{{#client_auth}}
			nameClient(r)
{{/client_auth}}
		},
		ModifyResponse: func(response *http.Response) error {
			response.Header.Del("Strict-Transport-Security") // ours is there
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				refuse(w, http.StatusRequestEntityTooLarge, "the body is too large")
				return
			}
			log.Printf("upstream failed: %v", err)
			refuse(w, http.StatusBadGateway, "no answer from the upstream")
		},
	}, nil
}

// Names under which proxies and frameworks hand over an identity, or where a request came from. Those with an underscore go
// as well: X_SSL_Client_Verify would reach many frameworks as X-SSL-Client-Verify does.
var identityHeader = regexp.MustCompile(`(?i)^((x-)?(ssl|ssl-.*|client-(cert|verify|subject|issuer|serial|fingerprint|san|s-dn|i-dn|dn|cn).*)` +
	`|x-(forwarded|arr-clientcert|amzn-mtls|real-ip|remote-).*|forwarded|remote-user)$`)
{{#client_auth}}

func nameClient(r *http.Request) {
	client := clientOf(r)
	if client == nil {
		r.Header.Set("X-SSL-Client-Verify", "NONE")
		return
	}
	fingerprint := sha256.Sum256(client.certificate.Raw)
	issuer, _ := distinguishedName(client.certificate.RawIssuer) // it was read before
	r.Header.Set("X-SSL-Client-Verify", "SUCCESS")
	r.Header.Set("X-SSL-Client-Subject", headerText(client.Subject))
	r.Header.Set("X-SSL-Client-Issuer", headerText(issuer))
	r.Header.Set("X-SSL-Client-Serial", client.Serial)
	r.Header.Set("X-SSL-Client-Fingerprint", hex.EncodeToString(fingerprint[:]))
	// All of it, as RFC 9440 writes it, for an upstream that reads the subjectAltName.
	r.Header.Set("Client-Cert", ":"+base64.StdEncoding.EncodeToString(client.certificate.Raw)+":")
}

// Headers are ASCII: what is not is escaped octet by octet, as RFC 4514 §2.4 allows.
func headerText(name string) string {
	text := ""
	for _, octet := range []byte(name) {
		if octet < ' ' || octet > '~' {
			text += fmt.Sprintf("\\%02X", octet)
		} else {
			text += string(rune(octet))
		}
	}
	return text
}
{{/client_auth}}
