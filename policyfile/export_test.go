package policyfile

// RuleNames lists the rules, for tests outside the package.
func RuleNames() []string { return ruleNames() }

// ReferenceOf is where to read on about a rule, for tests outside the package.
func ReferenceOf(rule string) string { return referenceOf(rule) }
