// Calls each URL as net/http does: client CA CRL NAME=URL... A line of JSON for each. It checks no CRL.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	log.SetOutput(os.Stderr)
	pem, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := &http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			TLSClientConfig:   &tls.Config{RootCAs: roots},
			DisableKeepAlives: true,
		},
	}
	for _, call := range os.Args[3:] {
		name, url, _ := strings.Cut(call, "=")
		line := map[string]any{"name": name, "accepted": false}
		if answer, err := client.Get(url); err != nil {
			line["why"] = err.Error()
		} else {
			answer.Body.Close()
			line["accepted"] = true
			line["why"] = fmt.Sprint(answer.StatusCode)
		}
		text, _ := json.Marshal(line)
		fmt.Println(string(text))
	}
}
