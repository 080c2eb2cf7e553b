package gateway_test

import (
	"fmt"
	"os/exec"
	"strings"

	"github.com/concors/concors/e2e/program"
)

// traefik is measured if it is in PATH. Neither Debian has it, nor can it be built from its module, which leaves out a module
// nested in it that it needs.
func traefik() peer {
	return peer{
		name: "traefik",
		find: func() (string, error) {
			path, err := exec.LookPath("traefik")
			if err != nil {
				err = &program.MissingError{Of: "traefik", Part: "traefik", Source: "its own releases"}
			}
			return path, err
		},
		ask: []string{"version"},
		files: func(s *site) map[string]string {
			uses, middlewares := "", ""
			if s.policy != nil {
				uses = "\n      middlewares: [cors]"
				middlewares = fmt.Sprintf(`
  middlewares:
    cors:
      headers:
        accessControlAllowOriginList: [%s]
        accessControlAllowMethods: [%s]
        accessControlAllowHeaders: [%s]
        accessControlAllowCredentials: true
        accessControlMaxAge: %d
        addVaryHeader: true`,
					strings.Join(s.policy.origins, ", "), strings.Join(methods(), ", "), strings.Join(headers(), ", "), maxAge)
			}
			return map[string]string{"routes.yaml": fmt.Sprintf("http:\n  routers:\n    api:\n      rule: PathPrefix(`%s`)\n      service: api%s%s"+`
  services:
    api:
      loadBalancer:
        servers:
          - url: http://%s
`, prefix, uses, middlewares, s.upstream)}
		},
		arguments: func(s *site) []string {
			return []string{
				"--entryPoints.web.address=" + s.listen, "--providers.file.watch=false", "--providers.file.filename=" + s.dir + "/routes.yaml",
				"--log.level=ERROR", "--global.checkNewVersion=false", "--global.sendAnonymousUsage=false",
			}
		},
	}
}
