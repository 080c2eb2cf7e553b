package gatewayapi_test

import (
	"testing"

	"github.com/concors/concors/stack/gatewayapi"
	"github.com/concors/concors/stack/stacktest"
)

func TestStack(t *testing.T) { stacktest.Run(t, gatewayapi.Stack()) }
