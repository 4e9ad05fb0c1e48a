"""grafana.ini: who gets in and how, and nothing that is open, told to others, or fetched.

https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/ and
https://grafana.com/docs/grafana/latest/setup-grafana/configure-security/configure-security-hardening/
(2026-11)
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from components.grafana.args import GrafanaArgs, GrafanaOidcArgs
from components.grafana.plan import GrafanaPlan
from components.grafana.spec import GrafanaRolesSpec

Json = dict[str, object]

HTTP_PORT = 3000

TLS_FOLDER = "/etc/grafana-tls"
"""Where the certificate is, if the gateway comes by HTTPS."""

CONTENT_SECURITY: tuple[str, ...] = (
    "default-src 'none'",
    # Grafana's own: what it loads has a number used once, and loads more.
    "script-src 'self' 'unsafe-eval' 'unsafe-inline' 'strict-dynamic' $NONCE",
    "style-src 'self' 'unsafe-inline' blob:",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self' wss://$ROOT_PATH",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
)
"""Narrower than Grafana's own: pictures and connections from and to itself only."""

FOLDER = "/var/lib/grafana/dashboards"
"""Where the chart mounts dashboards, in a folder for each provider."""

HOME = f"{FOLDER}/dashboards-platform/overview.json"

SCOPES = ("openid", "email", "profile")

YEAR = 31_536_000
"""Seconds."""


def settings(plan: GrafanaPlan, args: GrafanaArgs) -> Json:
    """Return the sections of grafana.ini. Secrets are in none of them."""
    oidc, public = args.get("oidc"), plan.spec.host is not None
    hours = f"{plan.spec.session_hours}h"
    return {
        "server": _server(plan),
        "security": {
            # The password in plain text that everybody knows is for nobody.
            "disable_initial_admin_creation": oidc is not None,
            "cookie_secure": public,
            # Strict would lose the session on the way back from the issuer.
            "cookie_samesite": "lax",
            "content_security_policy": True,
            "content_security_policy_template": f'"""{"; ".join(CONTENT_SECURITY)}"""',
            "strict_transport_security": public,
            "strict_transport_security_max_age_seconds": YEAR,
            "strict_transport_security_subdomains": True,
            "x_content_type_options": True,
            "x_xss_protection": False,  # browsers that have it are better off without
            "allow_embedding": False,
            "disable_gravatar": True,
            "disable_brute_force_login_protection": False,
        },
        "users": {
            "allow_sign_up": False,
            "allow_org_create": False,
            "auto_assign_org_role": "Viewer",
            "viewers_can_edit": False,
        },
        "auth": {
            "disable_login_form": oidc is not None,
            "login_maximum_inactive_lifetime_duration": hours,
            "login_maximum_lifetime_duration": hours,
            "oauth_allow_insecure_email_lookup": False,
            **_sign_out(oidc),
        },
        "auth.anonymous": {"enabled": False, "hide_version": True},
        "auth.basic": {"enabled": oidc is None},
        **({"auth.generic_oauth": _login(oidc, plan.spec.roles)} if oidc else {}),
        "analytics": {
            "reporting_enabled": False,
            "check_for_updates": False,
            "check_for_plugin_updates": False,
            "feedback_links_enabled": False,
        },
        "news": {"news_feed_enabled": False},
        "plugins": {"plugin_admin_enabled": False, "preinstall_disabled": True},
        "public_dashboards": {"enabled": False},
        "snapshots": {"enabled": False, "external_enabled": False},
        # Alerts are Prometheus': Grafana shows them, and has none of its own.
        "unified_alerting": {"enabled": True, "execute_alerts": False},
        "dashboards": {"default_home_dashboard_path": HOME},
        # Whoever gets to the page could read them, without a login.
        "metrics": {"enabled": plan.spec.monitored},
        "log": {"mode": "console", "level": "info"},
        "log.console": {"format": "json"},
    }


def _server(plan: GrafanaPlan) -> Json:
    made: Json = {
        "root_url": plan.url,
        "domain": urlsplit(plan.url).hostname or "",
        # Some browser may be told that our name is another's.
        "enforce_domain": False,
        "http_port": HTTP_PORT,
    }
    if not plan.spec.host:
        return made
    return {
        **made,
        "protocol": "https",
        "cert_file": f"{TLS_FOLDER}/tls.crt",
        "cert_key": f"{TLS_FOLDER}/tls.key",
        "min_tls_version": "TLS1.2",
        "certs_watch_interval": "5m",
    }


def _sign_out(oidc: GrafanaOidcArgs | None) -> Json:
    logout = oidc.get("logout_url") if oidc else None
    return {} if logout is None else {"signout_redirect_url": logout}


def _login(oidc: GrafanaOidcArgs, roles: GrafanaRolesSpec | None) -> Json:
    return {
        "enabled": True,
        "name": "Single sign-on",
        "client_id": oidc["client_id"],
        "scopes": " ".join(oidc.get("scopes") or SCOPES),
        "auth_url": oidc["auth_url"],
        "token_url": oidc["token_url"],
        "api_url": oidc["userinfo_url"],
        # Accounts are made of people who log in; no role, no account.
        "allow_sign_up": True,
        "auto_login": True,
        "use_pkce": True,
        "use_refresh_token": True,
        "email_attribute_path": "email",
        "login_attribute_path": "email",
        "name_attribute_path": "name",
        "role_attribute_path": role_path(roles) if roles else "",
        "role_attribute_strict": True,
        "allow_assign_grafana_admin": False,
        "skip_org_role_sync": False,
        "tls_skip_verify_insecure": False,
    }


def role_path(roles: GrafanaRolesSpec) -> str:
    """Return the expression of JMESPath that gives the role: the highest that a group has.

    It gives none to who is in none of the groups, or has no groups at all.
    """
    groups = f"not_null(\"{roles.claim}\", '')"

    def any_of(names: Sequence[str]) -> str:
        return " || ".join(f"contains({groups}, '{name}')" for name in names)

    ranks: Mapping[str, Sequence[str]] = {
        "Admin": roles.admins,
        "Editor": roles.editors,
        "Viewer": roles.viewers,
    }
    return " || ".join(f"({any_of(names)}) && '{role}'" for role, names in ranks.items() if names)
