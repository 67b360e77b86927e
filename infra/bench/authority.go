package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// An authority signs the certificate of the bench's DynamoDB: a root, an intermediate and a leaf of RSA 2048 bits each,
// as DynamoDB's own chain is made, so that checking it costs the client the same.
type authority struct {
	root  *x509.Certificate
	chain tls.Certificate // leaf and intermediate, as the server sends them
}

func newAuthority() authority {
	root, rootKey := certificate("root", nil, nil)
	between, betweenKey := certificate("intermediate", root, rootKey)
	leaf, leafKey := certificate("", between, betweenKey)
	return authority{root, tls.Certificate{Certificate: [][]byte{leaf.Raw, between.Raw}, PrivateKey: leafKey}}
}

// certificate makes an authority's certificate, signed by itself without a parent; without a name, a server's.
func certificate(name string, parent *x509.Certificate, parentKey *rsa.PrivateKey) (*x509.Certificate, *rsa.PrivateKey) {
	key := must(rsa.GenerateKey(rand.Reader, 2048))
	c := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "Préau bench " + name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: name != "", BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if name == "" {
		c.IPAddresses, c.KeyUsage, c.ExtKeyUsage = []net.IP{net.IPv4(127, 0, 0, 1)}, x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	if parent == nil {
		parent, parentKey = c, key
	}
	raw := must(x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, parentKey))
	return must(x509.ParseCertificate(raw)), key
}

func (a authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
}

// server speaks HTTP/1.1 only, as DynamoDB does. It gives no session tickets: AWS does not say that DynamoDB does, so each
// connection costs a whole handshake.
func (a authority) server() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.chain}, NextProtos: []string{"http/1.1"}, SessionTicketsDisabled: true}
}
