"""Makes Elasticsearch ready for lines, and Kibana for readers: templates, lifecycle, role, user.

ECK's own resource for that, StackConfigPolicy, needs an Enterprise licence; the API does not. See
components/search/elasticsearch_setup.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside
from components._base.secret import generated_password
from components.logging.args import LoggingSearchArgs
from components.logging.documents import ROLE, USER, data_view, requests
from components.logging.pipeline import RELEASE
from components.logging.spec import LoggingElasticsearchSpec
from components.search.elasticsearch_job import image_of, make_job, name_of
from components.search.elasticsearch_plan import ELASTICSEARCH, KIBANA
from components.search.versions import DEFAULT_ELASTIC
from components.service.search_ca import make_search_ca

CA_COPY = f"{RELEASE}-search-ca"
"""Secret with the authority of Elasticsearch, where the agents are."""

USER_FILE = "user.json"

SCRIPT = """set -eu
call() {
  printf 'user = "elastic:%s"\\n' "$(cat /superuser/elastic)" |
    curl --config - --fail-with-body --silent --show-error --retry 90 --retry-delay 10 \\
      --retry-connrefused -H 'kbn-xsrf: true' -H 'Content-Type: application/json' "$@"
}
while read -r method where path file; do
  base=$URL ca=/ca/ca.crt
  if [ "$where" = kibana ]; then base=$KIBANA_URL ca=/kibana-ca/ca.crt; fi
  [ -z "$base" ] || call --cacert "$ca" -X "$method" --data-binary "@/setup/$file" "$base$path"
done < /setup/requests
"""
"""As that of the search's own set-up, and for Kibana too, which may only be starting then: an
answer of 503 is asked for again for 15 minutes."""


@dataclass(frozen=True)
class Writer:
    """What the agents log in with, and what has to be there before they do."""

    password_secret: pulumi.Output[str]
    """Kubernetes secret with `password`, in their namespace."""
    search_namespace: pulumi.Output[str]
    """Where Elasticsearch is."""
    ready: Sequence[pulumi.Resource]


@dataclass(frozen=True)
class Home:
    """Where Elasticsearch and the secret with its authority are."""

    namespace: pulumi.Output[str]
    ca: pulumi.Output[str]


def make_writer(
    inside: Inside,
    spec: LoggingElasticsearchSpec,
    search: LoggingSearchArgs,
    *,
    namespace: pulumi.Input[str],
    mirror: str,
) -> Writer:
    """Create the user, its rights, and all that Elasticsearch must know before the first line.

    :param namespace: of the agents.
    """
    password = generated_password(
        inside.scope, "writer", special="-_", version=spec.password_version
    )
    secret = kubernetes.core.v1.Secret(
        f"{inside.scope.name}-writer",
        metadata={"namespace": namespace},
        string_data={"password": password},
        # Another password is another Secret: agents start anew with it.
        immutable=True,
        opts=inside.own,
    )
    parts = pulumi.Output.from_input(search["ca_secret"]).apply(lambda text: text.split("/", 1))
    home = Home(parts.apply(lambda found: found[0]), parts.apply(lambda found: found[1]))
    copies = make_search_ca(inside, namespace, search["ca_secret"], name=CA_COPY)
    job = _job(inside, spec, search, home, password=password, mirror=mirror)
    return Writer(name_of(secret), home.namespace, [*copies, job])


def _job(
    inside: Inside,
    spec: LoggingElasticsearchSpec,
    search: LoggingSearchArgs,
    home: Home,
    *,
    password: pulumi.Output[str],
    mirror: str,
) -> pulumi.Resource:
    kibana_url = pulumi.Output.from_input(search.get("kibana_url") or "")
    user = {"full_name": "Log agents", "password": password, "roles": [ROLE]}
    files = kubernetes.core.v1.Secret(
        f"{inside.scope.name}-setup",
        metadata={"namespace": home.namespace},
        string_data={
            **call_files(spec),
            USER_FILE: pulumi.Output.json_dumps(user, sort_keys=True),
            "setup.sh": kibana_url.apply(lambda url: f"KIBANA_URL='{url}'\n{SCRIPT}"),
        },
        immutable=True,
        opts=inside.own,
    )
    return make_job(
        inside,
        f"{inside.scope.name}-setup",
        home.namespace,
        image=image_of(search.get("version") or DEFAULT_ELASTIC, mirror),
        url=search["endpoint"],
        volumes=[
            ("/setup", {"name": "setup", "secret": {"secret_name": name_of(files)}}),
            ("/ca", {"name": "ca", "secret": {"secret_name": home.ca}}),
            (
                "/kibana-ca",
                {
                    "name": "kibana-ca",
                    "secret": {
                        "secret_name": f"{KIBANA}-kb-http-certs-public",
                        "optional": True,  # there may be no Kibana
                    },
                },
            ),
            (
                "/superuser",
                {
                    "name": "superuser",
                    "secret": {"secret_name": f"{ELASTICSEARCH}-es-elastic-user"},
                },
            ),
        ],
        after=[],
    )


def call_files(spec: LoggingElasticsearchSpec) -> dict[str, str]:
    """Return the bodies of all calls by file, and `requests`: what goes where, in order."""
    search = requests(spec)
    view = data_view()
    bodies = {f"{index:02}.json": request.text for index, request in enumerate((*search, view))}
    *files, last = bodies
    lines = [
        *(f"{r.method} search {r.path} {file}" for r, file in zip(search, files, strict=True)),
        f"PUT search /_security/user/{USER} {USER_FILE}",
        f"{view.method} kibana {view.path} {last}",
    ]
    return {**bodies, "requests": "".join(f"{line}\n" for line in lines)}
