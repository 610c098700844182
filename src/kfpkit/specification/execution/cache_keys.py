"""KFP's key of a task in its local execution cache, and its format of outputs there."""

from __future__ import annotations

from collections.abc import Mapping

from kfp.local.cache import LocalCache

from kfpkit.specification import make_artifact
from kfpkit.specification.message_types import Value


def compute_task_key(  # noqa: PLR0913 - each of them decides what a task puts out
    *,
    function: str,
    image: str,
    command: list[str],
    arguments: Mapping[str, Value],
    variables: Mapping[str, str],
    custom: str,
) -> str:
    """Return a key that is equal exactly for tasks that do the same.

    Args:
        function: The component function's name.
        image: Its image, with the content hash of its environment.
        command: Its command with placeholders as compiled. It contains the code, but no path of a
            run.
        arguments: Its inputs. For artifacts, their address and metadata count.
        variables: The environment variables that the author set.
        custom: The author's own key (`set_caching_options(cache_key=)`), if any.

    Returns:
        A hexadecimal digest.
    """
    key: str = LocalCache.compute_key(
        # The method uses nothing of its instance, whose making would make a folder.
        LocalCache.__new__(LocalCache),
        component_name=function,
        image=image,
        full_command=command,
        arguments=dict(arguments),
        env_vars=dict(variables),
        custom_cache_key=custom or None,
    )
    return key


def serialize_outputs(outputs: Mapping[str, Value]) -> dict[str, Value]:
    """Serialize a task's outputs as JSON.

    Args:
        outputs: Parameters and artifacts by name.
    """
    return dict(LocalCache._serialize_outputs(dict(outputs)))  # noqa: SLF001 - KFP's own form


def restore_output(value: Value) -> Value:
    """Restore an output that `serialize_outputs` has serialized.

    Args:
        value: A parameter's value, or the description of an artifact or a list of artifacts.
    """
    if isinstance(value, dict) and value.get("__kfp_artifact__"):
        return make_artifact(
            {
                "name": value["name"],
                "uri": value["uri"],
                "metadata": value["metadata"],
                "type": {"schemaTitle": value["schema_title"]},
            }
        )
    if isinstance(value, dict) and value.get("__kfp_artifact_list__"):
        return [restore_output(artifact) for artifact in value["artifacts"]]
    return value
