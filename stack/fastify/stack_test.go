package fastify_test

import (
	"testing"

	"github.com/concors/concors/stack/fastify"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, fastify.Stack()) }
