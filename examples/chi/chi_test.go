package chi_test

import (
	"testing"

	"github.com/concors/concors/examples/chi"
	"github.com/concors/concors/examples/expect"
)

func TestAPI(t *testing.T) { expect.Serves(t, chi.API) }

func TestWrong(t *testing.T) { expect.Fails(t, chi.Wrong) }
