package gin_test

import (
	"io"
	"os"
	"testing"

	framework "github.com/gin-gonic/gin"

	"github.com/concors/concors/examples/expect"
	"github.com/concors/concors/examples/gin"
)

// TestMain keeps gin from listing its routes and from writing the stack of each panic.
func TestMain(m *testing.M) {
	framework.SetMode(framework.TestMode)
	framework.DefaultErrorWriter = io.Discard
	os.Exit(m.Run())
}

func TestAPI(t *testing.T) { expect.Serves(t, gin.API) }
