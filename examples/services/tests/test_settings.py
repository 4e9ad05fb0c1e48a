"""The contract: every variable is read, every mistake is told at once."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from platform_runtime.contract import Contract, render
from platform_runtime.settings import Settings, sections

DOCUMENT = Path(__file__).parents[3] / "docs" / "runtime-contract.md"


def test_variables_are_section_and_field(environment: pytest.MonkeyPatch):
    environment.setenv("HTTP_PORT", "9000")
    environment.setenv("HTTP_REQUEST_TIMEOUT_SECONDS", "3")
    environment.setenv("CORS_ORIGINS", "https://a.example.com, https://b.example.com")
    environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    settings = Settings.from_values()
    assert settings.http.port == 9000
    assert settings.http.request_timeout_seconds == 3
    assert settings.cors.origins == ("https://a.example.com", "https://b.example.com")
    assert settings.otel.exporter_otlp_endpoint == "http://collector:4318"
    assert settings.auth is None


def test_all_mistakes_are_told_at_once(environment: pytest.MonkeyPatch):
    environment.setenv("HTTP_PORT", "0")
    environment.setenv("CORS_ORIGINS", "*")
    environment.setenv("AUTH_ISSUER", "https://auth.example.com")
    with pytest.raises(ValidationError) as error:
        Settings.from_values()
    places = {".".join(map(str, problem["loc"])) for problem in error.value.errors()}
    assert places == {"http.port", "cors.origins", "auth.audience", "auth.jwks_url"}


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.com", "http://example.com", "https://a.example.com/", "null"],
)
def test_an_origin_is_one_origin(environment: pytest.MonkeyPatch, origin: str):
    environment.setenv("CORS_ORIGINS", origin)
    with pytest.raises(ValidationError, match="must be https://HOST"):
        Settings.from_values()


def test_symmetric_signatures_are_refused(environment: pytest.MonkeyPatch):
    for name in ("ISSUER", "JWKS_URL"):
        environment.setenv(f"AUTH_{name}", "https://auth.example.com")
    environment.setenv("AUTH_AUDIENCE", "platform")
    environment.setenv("AUTH_ALGORITHMS", "RS256,HS256")
    with pytest.raises(ValidationError, match="HS256"):
        Settings.from_values()


def test_each_variable_has_one_meaning():
    names = [
        f"{section}_{field}" for section, kind in sections(Contract) for field in kind.model_fields
    ]
    assert len(names) == len(set(names)) > 40


def test_the_document_is_up_to_date():
    assert DOCUMENT.read_text() == render(), "run: make -C examples/services generate"
