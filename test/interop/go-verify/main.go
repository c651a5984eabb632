// Judges the lines of `sslapi verify --batch` with Go's crypto/x509: "accepted" or the error, a line each.
// With -time it prints how long it took instead: wall and CPU microseconds a line.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

type question struct {
	Leaf      string   `json:"leaf"`
	Trusted   []string `json:"trusted"`
	Untrusted []string `json:"untrusted"`
	At        string   `json:"at"`
	Purpose   string   `json:"purpose"`
	Names     []struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"names"`
}

var usages = map[string]x509.ExtKeyUsage{
	"server": x509.ExtKeyUsageServerAuth,
	"client": x509.ExtKeyUsageClientAuth,
	"any":    x509.ExtKeyUsageAny,
	"":       x509.ExtKeyUsageAny,
}

func main() {
	timed := len(os.Args) > 2 && os.Args[1] == "-time"
	file, err := os.Open(os.Args[len(os.Args)-1])
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 1<<20), 1<<26)
	start, before, count := time.Now(), cpu(), 0
	for lines.Scan() {
		verdict := "accepted"
		if err := judge(lines.Bytes()); err != nil {
			verdict = strings.ReplaceAll(err.Error(), "\n", " ")
		}
		count++
		if !timed {
			fmt.Println(verdict)
		}
	}
	if timed {
		wall := float64(time.Since(start).Microseconds()) / float64(count)
		fmt.Printf("{\"wall\": %.1f, \"cpu\": %.1f}\n", wall, (cpu()-before)/float64(count))
	}
}

func judge(line []byte) error {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, asked.At)
	if err != nil {
		return err
	}
	leaf, err := parse(asked.Leaf)
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{
		Roots:         pool(asked.Trusted),
		Intermediates: pool(asked.Untrusted),
		CurrentTime:   at,
		KeyUsages:     []x509.ExtKeyUsage{usages[asked.Purpose]},
	}
	if _, err := leaf.Verify(options); err != nil {
		return err
	}
	for _, name := range asked.Names {
		if err := leaf.VerifyHostname(name.Value); err != nil {
			return err
		}
	}
	return nil
}

func pool(texts []string) *x509.CertPool {
	certificates := x509.NewCertPool()
	for _, text := range texts {
		if certificate, err := parse(text); err == nil {
			certificates.AddCert(certificate)
		}
	}
	return certificates
}

func parse(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

// cpu is the time this process has used, user and system, in microseconds.
func cpu() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1000
}
