package policyfile

// RuleNames lists the rules, for tests outside the package.
func RuleNames() []string { return ruleNames() }
