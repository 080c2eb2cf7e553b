package golang_test

import (
	"testing"

	"github.com/concors/concors/stack/golang"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, golang.Stack()) }
