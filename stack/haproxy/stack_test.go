package haproxy_test

import (
	"testing"

	"github.com/concors/concors/stack/haproxy"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, haproxy.Stack()) }
