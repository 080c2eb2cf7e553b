package gorilla_test

import (
	"testing"

	"github.com/concors/concors/examples/expect"
	"github.com/concors/concors/examples/gorilla"
)

func TestAPI(t *testing.T) { expect.Serves(t, gorilla.API) }

func TestWrong(t *testing.T) { expect.Fails(t, gorilla.Wrong) }
