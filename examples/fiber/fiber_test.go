package fiber_test

import (
	"testing"

	"github.com/concors/concors/examples/expect"
	"github.com/concors/concors/examples/fiber"
)

func TestAPI(t *testing.T) { expect.Serves(t, fiber.API) }
