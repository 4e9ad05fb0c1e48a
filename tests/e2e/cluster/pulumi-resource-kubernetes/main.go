// Command provider is Pulumi's own Kubernetes provider. Its main package embeds files that its
// repository generates and its Go module lacks: a schema, which only programs in YAML and imports
// read, and a table for converting from Terraform.
package main

import (
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

func main() {
	provider.Serve("kubernetes", version.Version, []byte(`{"name": "kubernetes"}`), []byte("{}"))
}
