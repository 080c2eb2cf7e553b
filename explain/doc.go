// Package explain turns what the browser model did into what a person needs: the verdict, why, what the browsers print on
// their consoles, what is about to go wrong although nothing failed, and what to change.
//
// [Scenario] runs recorded exchanges and explains each fetch; [Of] explains one trace. [WriteText] and [WriteHTML] print
// explanations, a [Result] is what they are in JSON, [SequenceOf] is the exchange that they draw, [Entries] is the catalogue of
// everything that can be found. Nothing here decides anything about CORS: that is the model's part, and secrets are masked only
// after it has decided.
package explain
