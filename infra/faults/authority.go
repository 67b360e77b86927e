package faults

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// An Authority signs the certificate of a DynamoDB on 127.0.0.1: a root, an intermediate and a leaf of RSA 2048 bits each,
// as DynamoDB's own chain is made, so that checking it costs the client the same.
type Authority struct {
	root  *x509.Certificate
	chain tls.Certificate // leaf and intermediate, as the server sends them
}

// NewAuthority makes the three certificates. They hold for a day.
func NewAuthority() (Authority, error) {
	root, err := issue("root", nil)
	if err != nil {
		return Authority{}, err
	}
	between, err := issue("intermediate", root)
	if err != nil {
		return Authority{}, err
	}
	leaf, err := issue("", between)
	if err != nil {
		return Authority{}, err
	}
	return Authority{root.x509, tls.Certificate{Certificate: [][]byte{leaf.x509.Raw, between.x509.Raw}, PrivateKey: leaf.key}}, nil
}

// A certificate with its key.
type certificate struct {
	x509 *x509.Certificate
	key  *rsa.PrivateKey
}

// issue makes an authority's certificate, signed by itself without a parent; without a name, a server's.
func issue(name string, parent *certificate) (*certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "Préau tests " + name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: name != "", BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if name == "" {
		c.IPAddresses, c.KeyUsage, c.ExtKeyUsage = []net.IP{net.IPv4(127, 0, 0, 1)}, x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	if parent == nil {
		parent = &certificate{c, key}
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent.x509, &key.PublicKey, parent.key)
	if err != nil {
		return nil, fmt.Errorf("sign a certificate: %w", err)
	}
	signed, err := x509.ParseCertificate(raw)
	return &certificate{signed, key}, err
}

// PEM is the root certificate, for a client that is to trust it.
func (a Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
}

// Server speaks HTTP/1.1 only, as DynamoDB does. It gives no session tickets: AWS does not say that DynamoDB does, so each
// connection costs a whole handshake.
func (a Authority) Server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.chain}, NextProtos: []string{"http/1.1"}, SessionTicketsDisabled: true}
}
