"""The syntax of filters, without their meaning.

filter      = sequence { "AND" sequence }
sequence    = factor { factor }              side by side means AND, too
factor      = term { "OR" term }             OR binds closer than AND, as in AIP-160
term        = [ "NOT" | "-" ] ( "(" filter ")" | restriction )
restriction = member [ operator value ] | function "(" value ")"
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..refusals import invalid

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<operator><=|>=|!=|=|<|>|:)
    | (?P<mark>[()]|,)
    | (?P<word>-?[^\s"'()<>=!:,]+|-)
    )""",
    re.VERBOSE,
)
_DEPTH = 20


@dataclass(frozen=True)
class Restriction:
    """A condition on one field.

    Args:
        field: The field, in parts: `labels`, `env`.
        operator: The operator. Empty if the field stands alone.
        value: The value.
        quoted: Whether the value was in quotes.
    """

    field: tuple[str, ...]
    operator: str = ""
    value: str = ""
    quoted: bool = False


@dataclass(frozen=True)
class Call:
    """A function, such as `in_context("…")`."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Join:
    """Conditions that `AND` or `OR` joins, or one after `NOT`."""

    word: str
    parts: tuple[Tree, ...]


Tree = Restriction | Call | Join


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int
    glued: bool  # nothing is between it and the token before it


def parse_filter(text: str) -> Tree | None:
    """Return the tree of a filter. None for an empty one.

    Raises:
        RefusedError: It isn't a filter.
    """
    parser = _Parser(text)
    if parser.peek() is None:
        return None
    tree = parser.read_filter(0)
    if parser.peek() is not None:
        raise parser.refuse("unexpected")
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_split(text))
        self._next = 0

    def peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def refuse(self, problem: str) -> Exception:
        token = self.peek()
        found = "the end" if token is None else f"`{token.text}` at {token.place}"
        return invalid(f"Invalid filter `{self._text}`: {problem} {found}.")

    def _take(self) -> _Token:
        token = self.peek()
        if token is None:
            raise self.refuse("unexpected")
        self._next += 1
        return token

    def _take_word(self, word: str) -> bool:
        token = self.peek()
        if token is None or token.kind == "text" or token.text != word:
            return False
        self._next += 1
        return True

    def _require(self, mark: str) -> None:
        if not self._take_word(mark):
            raise self.refuse(f"`{mark}` is needed before")

    def _is_at_end(self) -> bool:
        token = self.peek()
        return token is None or (token.text in {")", "AND", ","} and token.kind != "text")

    def read_filter(self, depth: int) -> Tree:
        if depth > _DEPTH:
            raise self.refuse("too deeply nested before")
        parts = [self._read_sequence(depth)]
        while self._take_word("AND"):
            parts.append(self._read_sequence(depth))
        return _join("AND", parts)

    def _read_sequence(self, depth: int) -> Tree:
        parts = [self._read_factor(depth)]
        while not self._is_at_end():
            parts.append(self._read_factor(depth))
        return _join("AND", parts)

    def _read_factor(self, depth: int) -> Tree:
        parts = [self._read_term(depth)]
        while self._take_word("OR"):
            parts.append(self._read_term(depth))
        return _join("OR", parts)

    def _read_term(self, depth: int) -> Tree:
        if self._take_word("NOT") or self._take_word("-"):
            return Join("NOT", (self._read_simple(depth),))
        return self._read_simple(depth)

    def _read_simple(self, depth: int) -> Tree:
        if self._take_word("("):
            tree = self.read_filter(depth + 1)
            self._require(")")
            return tree
        return self._read_restriction()

    def _read_restriction(self) -> Tree:
        token = self._take()
        if token.kind != "word" or token.text in {"AND", "OR", "NOT"}:
            self._next -= 1
            raise self.refuse("a field is needed before")
        if token.text.startswith("-"):
            self._next -= 1
            rest = _Token("word", token.text[1:], token.place + 1, glued=True)
            self._tokens[self._next] = rest
            return Join("NOT", (self._read_restriction(),))
        if self._take_word("("):
            return self._read_call(token.text)
        field = self._read_member(token.text)
        following = self.peek()
        if following is None or following.kind != "operator":
            return Restriction(field)
        operator = self._take().text
        value = self._take()
        if value.kind not in {"text", "word"}:
            self._next -= 1
            raise self.refuse("a value is needed before")
        text = self._read_value(value)
        return Restriction(field, operator, text, value.kind == "text")

    def _read_value(self, token: _Token) -> str:
        """Return a value, which may contain colons without quotes, as times do."""
        text = _unquote(token)
        while token.kind == "word" and (following := self.peek()) and following.glued:
            if following.kind != "word" and following.text != ":":
                break
            text += self._take().text
        return text

    def _read_member(self, text: str) -> tuple[str, ...]:
        """Return the parts of a field; a part in quotes follows a dot."""
        parts = text.split(".")
        while not parts[-1] and (following := self.peek()) and following.kind == "text":
            parts[-1] = _unquote(self._take())
            more = self.peek()
            if more and more.glued and more.kind == "word" and more.text.startswith("."):
                parts += self._take().text[1:].split(".")
        if not all(parts):
            raise self.refuse("a field has an empty part before")
        return tuple(parts)

    def _read_call(self, name: str) -> Call:
        values = []
        while not self._take_word(")"):
            values.append(_unquote(self._take()))
            self._take_word(",")
        return Call(name, tuple(values))


def _split(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    stripped = text.rstrip()
    while place < len(stripped):
        found = _TOKEN.match(stripped, place)
        if found is None or found.lastgroup is None:
            raise invalid(f"Invalid filter `{text}`: unexpected `{stripped[place]}` at {place}.")
        start = found.start(found.lastgroup)
        tokens.append(_Token(found.lastgroup, found[found.lastgroup], start, start == place))
        place = found.end()
    return tokens


def _unquote(token: _Token) -> str:
    if token.kind != "text":
        return token.text
    return re.sub(r"\\(.)", r"\1", token.text[1:-1])


def _join(word: str, parts: list[Tree]) -> Tree:
    return parts[0] if len(parts) == 1 else Join(word, tuple(parts))
