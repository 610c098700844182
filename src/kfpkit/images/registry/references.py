"""Image references: `HOST/REPOSITORY:TAG`, and `HOST/REPOSITORY@DIGEST`."""

from __future__ import annotations

from dataclasses import dataclass, replace

_DOCKER_HUB = "docker.io"
_NEWEST = "newest"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The reference of an image.

    Args:
        host: The registry's host, with its port if it has one. "" if the reference has no host.
        repository: The path below the host.
        tag: The tag, or the digest, `sha256:…`.
    """

    host: str
    repository: str
    tag: str

    def __str__(self) -> str:
        """Format the reference as in a task's container."""
        return f"{self.name}{'@' if ':' in self.tag else ':'}{self.tag}"

    @property
    def name(self) -> str:
        """The reference without its tag."""
        return f"{self.host}/{self.repository}" if self.host else self.repository

    @property
    def api(self) -> str:
        """The address of the registry's API. As in Docker, plain HTTP is only for this machine."""
        host = "registry-1.docker.io" if self.host == _DOCKER_HUB else self.host
        return f"{'http' if _is_loopback(host) else 'https'}://{host}/v2"


def parse(image: str) -> Reference:
    """Parse an image reference with a tag or a digest.

    A first part without a dot or a port isn't a host. Such an image exists only on this machine, so
    a project without a registry never queries a public one for its environments.
    """
    name, _, tag = image.partition("@") if "@" in image else image.rpartition(":")
    host, _, rest = name.partition("/")
    if rest and host_of(name):
        return Reference(host=host, repository=rest, tag=tag)
    return Reference(host="", repository=name, tag=tag)


def host_of(registry: str) -> str:
    """Return the host in the prefix of image names. "" if there is none."""
    first = registry.partition("/")[0]
    return first if "." in first or ":" in first or first == "localhost" else ""


def newest_of(reference: Reference) -> Reference:
    """Return the moving tag for the image that was pushed last."""
    return replace(reference, tag=_NEWEST)


def _is_loopback(host: str) -> bool:
    name = host if host.startswith("[") else host.partition(":")[0]
    return name == "localhost" or name.startswith(("127.", "[::1]"))
