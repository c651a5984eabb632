// Loads an HTTPS server by clients with certificates, and says how many requests it answered and how fast, as one JSON object.
// Nothing is measured on the way but the request: answers are read as octets, the server's certificate is not verified.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type pair struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`
}

type settings struct {
	Address     string `json:"address"`
	ServerName  string `json:"serverName"`
	Path        string `json:"path"`
	Version     string `json:"version"`     // "1.2" or "1.3"; else both
	KeepAlive   bool   `json:"keepAlive"`   // a connection for all requests of a worker, or one for each
	Resume      bool   `json:"resume"`      // take up sessions
	Concurrency int    `json:"concurrency"` // workers
	Seconds     float64
	Requests    int64   `json:"requests"`  // ends after so many; 0: never
	PerSecond   float64 `json:"perSecond"` // all workers together; 0: as fast as they can
	Clients     []pair  `json:"clients"`   // PEM; each worker takes them in turn
}

type answer struct {
	Done      int64            `json:"done"`
	Failed    int64            `json:"failed"`
	Seconds   float64          `json:"seconds"`
	PerSecond float64          `json:"perSecond"`
	P50Ms     float64          `json:"p50Ms"`
	P99Ms     float64          `json:"p99Ms"`
	MaxMs     float64          `json:"maxMs"`
	CPU       float64          `json:"cpuSeconds"`
	Resumed   int64            `json:"resumed"`
	Statuses  map[string]int64 `json:"statuses"`
	Errors    map[string]int64 `json:"errors"`
}

type worker struct {
	*run
	turn     int
	conn     *tls.Conn
	reader   *bufio.Reader
	times    []time.Duration
	statuses map[string]int64
	errors   map[string]int64
}

type run struct {
	settings
	request  []byte
	configs  []*tls.Config
	deadline time.Time
	taken    int64
	resumed  int64
}

func main() {
	flag.Parse()
	var s settings
	if err := json.NewDecoder(os.Stdin).Decode(&s); err != nil {
		fail(err)
	}
	r := &run{settings: s, configs: configsOf(s)}
	connection := "close"
	if s.KeepAlive {
		connection = "keep-alive"
	}
	r.request = []byte(fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n", s.Path, s.ServerName, connection))
	started, cpu := time.Now(), cpuSeconds()
	r.deadline = started.Add(time.Duration(s.Seconds * float64(time.Second)))
	workers := make([]*worker, s.Concurrency)
	var group sync.WaitGroup
	for index := range workers {
		w := &worker{run: r, turn: index, statuses: map[string]int64{}, errors: map[string]int64{}}
		workers[index] = w
		group.Add(1)
		go func(index int) {
			defer group.Done()
			w.work(started, index)
		}(index)
	}
	group.Wait()
	sum := summary(workers, time.Since(started).Seconds())
	sum.CPU = cpuSeconds() - cpu
	sum.Resumed = r.resumed
	json.NewEncoder(os.Stdout).Encode(sum)
}

func configsOf(s settings) []*tls.Config {
	configs := []*tls.Config{}
	for _, client := range s.Clients {
		certificate, err := tls.X509KeyPair([]byte(client.Cert), []byte(client.Key))
		if err != nil {
			fail(err)
		}
		config := &tls.Config{
			ServerName:         s.ServerName,
			InsecureSkipVerify: true,
			Certificates:       []tls.Certificate{certificate},
			MinVersion:         tls.VersionTLS12,
			CurvePreferences:   []tls.CurveID{tls.X25519, tls.CurveP256},
		}
		if s.Version == "1.2" {
			config.MaxVersion = tls.VersionTLS12
		} else if s.Version == "1.3" {
			config.MinVersion = tls.VersionTLS13
		}
		if s.Resume {
			config.ClientSessionCache = tls.NewLRUClientSessionCache(64)
		}
		configs = append(configs, config)
	}
	return configs
}

func (w *worker) work(started time.Time, index int) {
	every := time.Duration(0)
	next := started
	if w.PerSecond > 0 {
		every = time.Duration(float64(w.Concurrency) / w.PerSecond * float64(time.Second))
		next = started.Add(every * time.Duration(index) / time.Duration(w.Concurrency))
	}
	for time.Now().Before(w.deadline) {
		if w.Requests > 0 && atomic.AddInt64(&w.taken, 1) > w.Requests {
			break
		}
		began := time.Now()
		if every > 0 {
			time.Sleep(time.Until(next))
			began = next // what comes late because the one before it took long counts as slow, too
			next = next.Add(every)
		}
		status, err := w.one()
		if err != nil {
			w.errors[errorText(err)]++
			w.close()
			continue
		}
		w.statuses[status]++
		w.times = append(w.times, time.Since(began))
	}
	w.close()
}

// A request, over the open connection or a new one.
func (w *worker) one() (string, error) {
	if w.conn == nil {
		config := w.configs[w.turn%len(w.configs)]
		w.turn += w.Concurrency
		socket, err := tls.Dial("tcp", w.Address, config)
		if err != nil {
			return "", err
		}
		w.conn = socket
		w.reader = bufio.NewReaderSize(socket, 16384)
		if socket.ConnectionState().DidResume {
			atomic.AddInt64(&w.resumed, 1)
		}
	}
	w.conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := w.conn.Write(w.request); err != nil {
		return "", err
	}
	status, closing, err := w.read()
	if err == nil && (closing || !w.KeepAlive) {
		w.close()
	}
	return status, err
}

func (w *worker) read() (string, bool, error) {
	line, err := w.reader.ReadSlice('\n')
	if err != nil {
		return "", true, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return "", true, errors.New("no HTTP answer")
	}
	status := string(line[9:12])
	length, closing := -1, false
	for {
		line, err = w.reader.ReadSlice('\n')
		if err != nil {
			return "", true, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 0 {
			continue
		}
		name, value := line[:colon], bytes.TrimSpace(line[colon+1:])
		if bytes.EqualFold(name, []byte("content-length")) {
			length, _ = strconv.Atoi(string(value))
		} else if bytes.EqualFold(name, []byte("connection")) && bytes.EqualFold(value, []byte("close")) {
			closing = true
		}
	}
	if length < 0 {
		return "", true, errors.New("an answer without a length")
	}
	if _, err = w.reader.Discard(length); err != nil {
		return "", true, err
	}
	return status, closing, nil
}

func (w *worker) close() {
	if w.conn != nil {
		w.conn.Close()
		w.conn = nil
	}
}

func summary(workers []*worker, seconds float64) answer {
	sum := answer{Seconds: seconds, Statuses: map[string]int64{}, Errors: map[string]int64{}}
	times := []time.Duration{}
	for _, w := range workers {
		times = append(times, w.times...)
		for status, count := range w.statuses {
			sum.Statuses[status] += count
			if status == "200" {
				sum.Done += count
			} else {
				sum.Failed += count
			}
		}
		for text, count := range w.errors {
			sum.Errors[text] += count
			sum.Failed += count
		}
	}
	sum.PerSecond = float64(sum.Done) / seconds
	if len(times) == 0 {
		return sum
	}
	sort.Slice(times, func(a, b int) bool { return times[a] < times[b] })
	at := func(share float64) float64 {
		return float64(times[int(share*float64(len(times)-1))]) / float64(time.Millisecond)
	}
	sum.P50Ms, sum.P99Ms, sum.MaxMs = at(0.5), at(0.99), at(1)
	return sum
}

// Without addresses and ports, so that the same error is counted as one.
func errorText(err error) string {
	if errors.Is(err, io.EOF) {
		return "closed"
	}
	text := err.Error()
	if colon := strings.LastIndex(text, ": "); colon >= 0 {
		text = text[colon+2:]
	}
	return text
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
