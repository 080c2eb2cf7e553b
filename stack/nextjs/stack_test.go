package nextjs_test

import (
	"testing"

	"github.com/concors/concors/stack/nextjs"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, nextjs.Stack()) }
