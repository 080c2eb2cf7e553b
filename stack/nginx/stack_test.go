package nginx_test

import (
	"testing"

	"github.com/concors/concors/stack/nginx"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, nginx.Stack()) }
