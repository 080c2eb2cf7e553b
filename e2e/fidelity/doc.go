// Package fidelity holds the model to real browsers: the corpus, and random scenarios from a seeded generator, are
// staged on loopback servers, run by a page in each engine, and compared with what the engine's profile says: what was
// sent, what the page got to see, and what the console said.
package fidelity
