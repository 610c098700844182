"""Finds secrets in files that would ship, by the forms that their issuers use.

Many people can read a compiled pipeline: buckets and clusters store it, and consoles show it. A
bundle must therefore not contain secrets. kfpkit looks only for forms that are hardly ever anything
else. It doesn't find a password that looks like any other word.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from kfpkit.bundle.bundle import ShippedFile
from kfpkit.errors import Secret, SecretError
from kfpkit.place import Place

_BASE64 = rb"[A-Za-z0-9+/=]"
# What is between the header of a key and the key: a new line, as such or as it is written in a
# string, or the quotes of two strings that Python joins.
_KEY = (
    rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:"
    rb"(?:\\+[nr]|[ \t]*\r?\n[ \t]*)+(?:"
    rb"(?=[a-z]*[A-Z0-9+/])" + _BASE64 + rb"{12,}"
    rb"|(?:Proc-Type|DEK-Info|Version|Comment):"
    rb"|(?=[^-\"'{}%<>]*" + _BASE64 + rb"{4})[^-\"'{}%<>]{1,8000}-----END)"
    rb"|(?:\\+[nr])*[\"']\s*[+,]?\s*[brBR]*[\"'](?=[a-z]*[A-Z0-9+/])" + _BASE64 + rb"{12,})"
)
_LITERAL = rb"\s*[\"'](?!\$|<|\{|%)[^\"'\s]"


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form of one kind of secret.

    Args:
        kind: Its name in settings.
        title: Its name in messages.
        words: Strings, one of which occurs in each such secret.
        pattern: The whole form, as a regular expression. It is compiled where one of the words
            occurs, which is hardly ever.
        beside: A pattern that must occur in the same file, if there is one.
    """

    kind: str
    title: str
    words: tuple[bytes, ...]
    pattern: bytes
    beside: bytes = b""


def _make_form(kind: str, title: str, words: str, pattern: bytes, beside: bytes = b"") -> Form:
    return Form(
        kind=kind,
        title=title,
        words=tuple(word.encode() for word in words.split()),
        pattern=pattern,
        beside=beside,
    )


_FORMS = (
    _make_form(
        "google-service-account-key",
        "the key of a Google service account",
        "service_account",
        rb"[\"']private_key[\"']\s*:" + _LITERAL,
        rb"[\"']type[\"']\s*:\s*[\"']service_account[\"']",
    ),
    _make_form(
        "google-service-account-key",
        "the key of a Google service account, in Base64",
        # "service_account" in the three ways in which Base64 can begin.
        "c2VydmljZV9hY2NvdW50 NlcnZpY2VfYWNjb3Vud zZXJ2aWNlX2FjY291bn",
        rb"[A-Za-z0-9+/]*(?:c2VydmljZV9hY2NvdW50|NlcnZpY2VfYWNjb3Vud|zZXJ2aWNlX2FjY291bn)"
        rb"[A-Za-z0-9+/]{100,}",
    ),
    _make_form("private-key", "a private key", "KEY", _KEY),
    _make_form("google-api-key", "a Google API key", "AIza", rb"(?<![\w-])AIza[\w-]{35}"),
    _make_form("google-token", "a Google access token", "ya29.", rb"(?<![\w-])ya29\.[\w-]{16,}"),
    _make_form(
        "google-token",
        "a Google refresh token",
        "refresh_token",
        rb"[\"']refresh_token[\"']\s*:\s*[\"']1//[\w-]{20,}",
    ),
    _make_form(
        "google-client-secret",
        "the secret of a Google OAuth client",
        "GOCSPX-",
        rb"(?<![\w-])GOCSPX-[\w-]{20,}",
    ),
    _make_form(
        "github-token",
        "a GitHub token",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        rb"(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})",
    ),
    _make_form("gitlab-token", "a GitLab token", "glpat-", rb"(?<![\w-])glpat-[\w-]{20}"),
    _make_form(
        "aws-access-key",
        "an AWS access key",
        "AKIA ASIA",
        rb"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    ),
    _make_form(
        "azure-storage-key",
        "the key of an Azure storage account",
        "AccountKey=",
        rb"AccountKey=[A-Za-z0-9+/]{86}==",
    ),
    _make_form(
        "slack-token",
        "a Slack token",
        "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp-",
        rb"(?<![\w-])(?:xox[abeoprs]|xapp)-[0-9A-Za-z-]{10,}",
    ),
    _make_form(
        "slack-webhook",
        "the address of a Slack webhook",
        "hooks.slack.com",
        rb"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9_/]{20,}",
    ),
    _make_form(
        "json-web-token",
        "a JSON web token",
        "eyJ",
        rb"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{4,}",
    ),
    _make_form("stripe-key", "a Stripe key", "k_live_", rb"(?<!\w)[sr]k_live_[A-Za-z0-9]{16,}"),
    _make_form("anthropic-key", "an Anthropic API key", "sk-ant-", rb"(?<![\w-])sk-ant-[\w-]{32,}"),
    _make_form(
        "openai-key",
        "an OpenAI API key",
        "T3BlbkFJ",
        rb"(?<![\w-])sk-[\w-]{16,}T3BlbkFJ[\w-]{16,}",
    ),
    _make_form("huggingface-token", "a Hugging Face token", "hf_", rb"(?<!\w)hf_[A-Za-z0-9]{34}"),
    _make_form("databricks-token", "a Databricks token", "dapi", rb"(?<!\w)dapi[0-9a-f]{32}"),
    _make_form("npm-token", "an npm token", "npm_", rb"(?<!\w)npm_[A-Za-z0-9]{36}"),
    _make_form("pypi-token", "a PyPI token", "pypi-AgE", rb"(?<![\w-])pypi-AgE[\w-]{50,}"),
)
# A template such as `.env.example` is there to be read.
_ENV_FILE = re.compile(r"\.env(?!.*\.(?:example|sample|template|dist)$)(?:\..+)?|.+\.env")
_KEY_STORES = frozenset({".jks", ".keystore", ".p12", ".pfx"})


@dataclass(frozen=True, kw_only=True)
class SecretRules:
    """A project's rules for possible secrets.

    Args:
        root: The project's folder. Patterns are relative to it.
        allowed: Patterns of `PATH:KIND`.
    """

    root: Path
    allowed: tuple[str, ...]

    def secrets_in(self, file: Path, content: bytes) -> list[Secret]:
        """Find the secrets in a file, including allowed ones."""
        found = [*_find_by_name(file), *find_secrets(content)]
        path = file.relative_to(self.root) if file.is_relative_to(self.root) else file
        return [
            Secret(
                place=Place(file, line), kind=kind, title=title, entry=f"{path.as_posix()}:{kind}"
            )
            for line, kind, title in found
        ]

    def allows(self, secret: Secret) -> bool:
        """Return whether the settings allow a possible secret."""
        return self.allows_entry(secret.entry)

    def allows_entry(self, entry: str) -> bool:
        """Return whether the settings allow what an entry of the form `PATH:KIND` names."""
        return any(fnmatchcase(entry, pattern) for pattern in self.allowed)

    def refuse(self, files: Iterable[ShippedFile]) -> tuple[Secret, ...]:
        """Refuse files that contain secrets.

        Args:
            files: The files that ship.

        Returns:
            The secrets that ship because they are allowed.

        Raises:
            SecretError: There are other secrets. The error lists all of them, and why the first
                file ships.
        """
        refused: list[tuple[Secret, ShippedFile]] = []
        passed: list[Secret] = []
        for file in files:
            for secret in self.secrets_in(file.source, file.content):
                if self.allows(secret):
                    passed.append(secret)
                else:
                    refused.append((secret, file))
        if refused:
            refused.sort(key=lambda each: (str(each[0].place.file), each[0].place.line or 0))
            raise SecretError(
                secrets=tuple(secret for secret, _ in refused),
                chain=refused[0][1].chain,
                settings=self.root / "pyproject.toml",
            )
        return tuple(passed)


def _find_by_name(file: Path) -> Iterator[tuple[None, str, str]]:
    if _ENV_FILE.fullmatch(file.name):
        yield None, "env-file", "a file of environment variables, which are usually secrets"
    elif file.suffix in _KEY_STORES:
        yield None, "key-store", "a store of private keys"


@functools.lru_cache(maxsize=8192)
def find_secrets(content: bytes) -> tuple[tuple[int, str, str], ...]:
    """Find the secrets in a file's content: the line, the kind and the title of each."""
    found: dict[int, tuple[int, str, str]] = {}
    for form in _FORMS:
        if not any(word in content for word in form.words):
            continue
        if form.beside and not re.search(form.beside, content):
            continue
        for match in re.finditer(form.pattern, content):
            line = content.count(b"\n", 0, match.start()) + 1
            # The key of a service account holds a private key, on the same line.
            found.setdefault(line, (line, form.kind, form.title))
    return tuple(found[line] for line in sorted(found))
