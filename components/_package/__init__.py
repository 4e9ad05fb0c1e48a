"""The components as one Pulumi package, for programs in YAML, TypeScript, Go, C# and Java."""
