package echo4_test

import (
	"testing"

	"github.com/concors/concors/examples/echo4"
	"github.com/concors/concors/examples/expect"
)

func TestAPI(t *testing.T) { expect.Serves(t, echo4.API) }
