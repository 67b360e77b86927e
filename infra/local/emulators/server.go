package emulators

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// A server is an HTTP server on a local port.
type server struct {
	URL  string
	http *http.Server
}

// serve listens on the port of 127.0.0.1; 0 means any free one.
func serve(port int, h http.Handler) (*server, error) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, fmt.Errorf("port %d is in use: stop the program that holds it, or choose another port with PORT=… (%w)", port, err)
	}
	s := &server{URL: "http://" + l.Addr().String(), http: &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}}
	go func() { _ = s.http.Serve(l) }()
	return s, nil
}

func (s *server) Close() { _ = s.http.Close() }

// freePort finds a port for a program that can not choose one itself.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// transport keeps many connections to an emulator open: 32 processes of a function may all talk to it. It lets go of an idle one
// before the emulator does (Node after 5 seconds): a request on a connection that is being closed is lost.
var transport = &http.Transport{MaxIdleConnsPerHost: 512, IdleConnTimeout: 4 * time.Second, DisableCompression: true}

// passTo hands requests to an emulator unchanged.
func passTo(address string) http.Handler {
	target, err := url.Parse(address)
	if err != nil {
		panic(err) // addresses are made in this package
	}
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: transport,
	}
}
