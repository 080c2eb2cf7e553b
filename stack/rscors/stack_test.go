package rscors_test

import (
	"testing"

	"github.com/concors/concors/stack/rscors"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, rscors.Stack()) }
