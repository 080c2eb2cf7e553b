package nethttp_test

import (
	"testing"

	"github.com/concors/concors/examples/expect"
	"github.com/concors/concors/examples/nethttp"
)

func TestAPI(t *testing.T) { expect.Serves(t, nethttp.API) }

func TestWrong(t *testing.T) { expect.Fails(t, nethttp.Wrong) }
