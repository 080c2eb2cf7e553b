package apache_test

import (
	"testing"

	"github.com/concors/concors/stack/apache"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, apache.Stack()) }
