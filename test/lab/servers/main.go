// An HTTPS server: main ADDRESS CERTIFICATE KEY. What Go leaves to its defaults is said here, for they change.
package main

import (
	"crypto/tls"
	"log"
	"net/http"
	"os"
)

func main() {
	server := &http.Server{
		Addr:     os.Args[1],
		ErrorLog: log.New(os.Stderr, "", 0),
		Handler:  http.NotFoundHandler(),
		TLSConfig: &tls.Config{
			MinVersion:       tls.VersionTLS10,
			CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384},
			CipherSuites: []uint16{
				tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,
				tls.TLS_RSA_WITH_AES_128_CBC_SHA,
				tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
				tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
				tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
				tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			},
		},
	}
	log.Fatal(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}
