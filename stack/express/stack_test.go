package express_test

import (
	"testing"

	"github.com/concors/concors/stack/express"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, express.Stack()) }
