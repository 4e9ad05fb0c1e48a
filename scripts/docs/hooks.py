"""What is done to a page for the site: lists are indented, links out of docs/ lead somewhere."""

import posixpath
import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from scripts.docs.lists import indented

LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>\.\./[^)\s]+)\)")
COMPONENT = re.compile(r"^components/([a-z]\w*)$")


def on_page_markdown(markdown: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead each link that leaves docs/ to the repository (`repo_url`); without one, keep its text.

    A component's folder leads to the component's page.
    """
    folder = posixpath.dirname(page.file.src_uri)

    def lead(match: re.Match[str]) -> str:
        path, _, anchor = match["target"].partition("#")
        path = posixpath.normpath(posixpath.join("docs", folder, path))
        if path.startswith("docs/"):
            return match[0]
        component = COMPONENT.match(path)
        target = f"reference/components/{component[1]}.md" if component else ""
        if files.get_file_from_path(target) and target != page.file.src_uri:
            return f"[{match['text']}]({posixpath.relpath(target, folder or '.')})"
        if config.repo_url:
            fragment = f"#{anchor}" if anchor else ""
            return f"[{match['text']}]({config.repo_url.rstrip('/')}/blob/HEAD/{path}{fragment})"
        return match["text"]

    return LINK.sub(lead, indented(markdown))
