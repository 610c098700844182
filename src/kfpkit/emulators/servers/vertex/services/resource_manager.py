"""Cloud Resource Manager, as far as the clients of Vertex AI ask it: who is a project."""

from __future__ import annotations

from typing import Any

from ..google_messages import make_message
from ..names import Projects


class ResourceManager:
    """The projects. Every project exists."""

    def __init__(self, projects: Projects) -> None:
        """Serve the numbers of `projects`."""
        self._projects = projects

    @property
    def methods(self) -> dict[str, Any]:
        """The functions of the service."""
        return {"GetProject": self.get_project}

    def get_project(self, request: Any) -> Any:
        """Return a project, given its ID or its number."""
        project = request.name.removeprefix("projects/")
        number, found = self._projects.find_number(project), self._projects.find_id(project)
        content = {
            "name": f"projects/{number}",
            "projectId": found,
            "displayName": found,
            "state": "ACTIVE",
        }
        return make_message("google.cloud.resourcemanager.v3.Project", content)
