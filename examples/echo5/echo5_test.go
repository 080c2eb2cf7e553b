package echo5_test

import (
	"testing"

	"github.com/concors/concors/examples/echo5"
	"github.com/concors/concors/examples/expect"
)

func TestAPI(t *testing.T) { expect.Serves(t, echo5.API) }
