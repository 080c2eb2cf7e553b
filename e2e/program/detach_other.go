//go:build !linux

package program

import "os/exec"

// Elsewhere no cage can be made, so these are never called.

func detach(*exec.Cmd)        {}
func dieWithParent(*exec.Cmd) {}
func killGroup(int)           {}
