package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/concors/concors/cors/fetch"
	"github.com/concors/concors/cors/header"
)

// loopback is the network of the demonstration: servers of this process, which are asked for whatever the model sends.
func loopback(*fetch.Page, *fetch.Request) (fetch.Network, error) {
	return &client{http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true}, // without a proxy of the environment
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       10 * time.Second,
	}}, nil
}

type client struct{ http.Client }

// Do makes one request. The servers are there, so a connection that fails is an error and nothing to explain.
func (c *client) Do(sent *fetch.Sent) (fetch.Response, error) {
	req, err := http.NewRequest(sent.Method, sent.URL, nil)
	if err != nil {
		return fetch.Response{}, err
	}
	for _, field := range sent.Header {
		req.Header.Add(field.Name, field.Value)
	}
	res, err := c.Client.Do(req)
	if err != nil {
		return fetch.Response{}, err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)); err != nil {
		return fetch.Response{}, fmt.Errorf("read the response to %s %s: %w", sent.Method, sent.URL, err)
	}
	var list header.List
	for name, values := range res.Header {
		for _, value := range values {
			list.Append(name, strings.Trim(value, " \t"))
		}
	}
	return fetch.Response{Status: res.StatusCode, Header: list}, nil
}
