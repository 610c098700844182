"""Write a software bill of materials: runs in the auditing tools' virtual environment.

    python -I sbom_process.py DESCRIPTION.json BILL.cdx.json

The description is what `kfpkit.environments.audit` writes. The bill is CycloneDX 1.6 as JSON, the
same bytes for the same description, and checked against its schema before it is written.
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

# The library is not a dependency of kfpkit: it lives where this file runs.
from cyclonedx.contrib.hash.factories import HashTypeFactory  # type: ignore[import-not-found]
from cyclonedx.contrib.license.factories import LicenseFactory  # type: ignore[import-not-found]
from cyclonedx.model import (  # type: ignore[import-not-found]
    ExternalReference,
    ExternalReferenceType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom, BomMetaData  # type: ignore[import-not-found]
from cyclonedx.model.component import Component, ComponentType  # type: ignore[import-not-found]
from cyclonedx.model.tool import ToolRepository  # type: ignore[import-not-found]
from cyclonedx.output.json import JsonV1Dot6  # type: ignore[import-not-found]
from cyclonedx.schema import SchemaVersion  # type: ignore[import-not-found]
from cyclonedx.validation.json import JsonStrictValidator  # type: ignore[import-not-found]
from packageurl import PackageURL  # type: ignore[import-not-found]


def main(description: Path, bill: Path) -> None:
    """Turn a description into a checked bill."""
    bom = _bom(json.loads(description.read_text(encoding="utf-8")))
    text = JsonV1Dot6(bom).output_as_string(indent=1)
    problem = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if problem:
        sys.exit(f"the bill of materials does not follow its schema: {problem}")
    bill.write_text(text + "\n", encoding="utf-8")


def _bom(described: dict[str, Any]) -> Any:
    image = Component(
        name=described["name"],
        version=described["version"],
        type=ComponentType.CONTAINER,
        bom_ref=described["image"],
        properties=[Property(name=name, value=value) for name, value in described["properties"]],
    )
    kfpkit = Component(name="kfpkit", type=ComponentType.APPLICATION)
    metadata = BomMetaData(component=image, tools=ToolRepository(components=[kfpkit]))
    metadata.timestamp = None  # the same lock gives the same bill
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, described["image"]), metadata=metadata)
    components = {package["name"]: _component(package) for package in described["packages"]}
    bom.components.update(components.values())
    bom.register_dependency(image, [components[name] for name in described["requires"]])
    for package in described["packages"]:
        needed = [components[name] for name in package["requires"]]
        bom.register_dependency(components[package["name"]], needed)
    return bom


def _component(package: dict[str, Any]) -> Any:
    purl = PackageURL("pypi", name=package["name"], version=package["version"])
    declared = package["license"]
    return Component(
        name=package["name"],
        version=package["version"],
        bom_ref=str(purl),
        purl=purl,
        hashes=[HashTypeFactory().from_composite_str(digest) for digest in package["digests"]],
        licenses=[LicenseFactory().make_from_string(declared)] if declared else [],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(file["file"]),
                hashes=[HashTypeFactory().from_composite_str(file["hash"])],
            )
            for file in package["files"]
        ],
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
