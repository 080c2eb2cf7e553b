package vite_test

import (
	"testing"

	"github.com/concors/concors/stack/stacktest"
	"github.com/concors/concors/stack/vite"
)

func TestStack(t *testing.T) { stacktest.Run(t, vite.Stack()) }
