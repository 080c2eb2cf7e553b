package koa_test

import (
	"testing"

	"github.com/concors/concors/stack/koa"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, koa.Stack()) }
