package caddy_test

import (
	"testing"

	"github.com/concors/concors/stack/caddy"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, caddy.Stack()) }
