// Package wire holds the built gateway to its promises on the wire: while its policy file changes, while upstreams and clients
// misbehave, and while it stops. Its tests make connections of their own and repeat nothing, since what a client repeats it
// also hides.
package wire
