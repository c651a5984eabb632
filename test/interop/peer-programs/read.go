// Each argument is KIND=PATH; prints KIND and whether Go's standard library reads it. Beside the files lies issuer.pem.
package main

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"
)

func main() {
	issuer, err := certificate("issuer.pem")
	if err != nil {
		panic(err)
	}
	for _, argument := range os.Args[1:] {
		kind, path, _ := strings.Cut(argument, "=")
		if err := read(kind, path, issuer); err != nil {
			fmt.Println(kind + "=refuses")
			fmt.Fprintln(os.Stderr, kind, err)
		} else {
			fmt.Println(kind + "=reads")
		}
	}
}

func read(kind, path string, issuer *x509.Certificate) error {
	switch kind {
	case "certificate":
		leaf, err := certificate(path)
		if err != nil {
			return err
		}
		return leaf.CheckSignatureFrom(issuer)
	case "CRL":
		octets, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		list, err := x509.ParseRevocationList(octets)
		if err != nil {
			return err
		}
		if len(list.RevokedCertificates) == 0 {
			return errors.New("nobody is revoked")
		}
		return list.CheckSignatureFrom(issuer)
	case "key":
		octets, err := block(path)
		if err != nil {
			return err
		}
		_, err = x509.ParsePKCS8PrivateKey(octets)
		return err
	}
	return errors.New("no reader for " + kind)
}

func certificate(path string) (*x509.Certificate, error) {
	octets, err := block(path)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(octets)
}

func block(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	found, _ := pem.Decode(text)
	if found == nil {
		return nil, errors.New("no PEM in " + path)
	}
	return found.Bytes, nil
}
