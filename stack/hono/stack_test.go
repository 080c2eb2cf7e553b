package hono_test

import (
	"testing"

	"github.com/concors/concors/stack/hono"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, hono.Stack()) }
