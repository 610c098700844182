"""From a function to the text that carries it into a container.

What goes in: a component's function, the project with its source roots, and an environment.
What comes out: the container's command, `python3 -c LOADER BOOTSTRAP DIGEST PAYLOAD…`.

    function ──collect──▶ Bundle ──check against──▶ environment
                            │
                          encode ──▶ command

`collect` reads syntax trees and never imports the author's code. The component's own module is
reduced to the statements that the function reaches (`origin`, `statements`, `names`, `reduction`,
`layout`), at their original lines; so two components share a file and do not change one another.
Its imports are followed from module to module (`imports`, `modules`, `reach`), and each module
ships whole, at the same dotted path, with its bytes untouched (`shipment`, `data_files`). Imports
by name are followed as far as they can be read (`dynamic`, `scope`, `texts`), and so are paths
beside a module to data files (`references`, `paths`, `constants`, `named_files`); the rest is
reported (`unseen`). What cannot work in a container is refused here with file, line and remedy, or
in `check` when it takes the environment to know.

`encode` compresses the files, splits the text below the limit of one argument, and puts
`bootstrap.py` in front, which checks the digest in the container, writes the files into a private
folder, imports the component's module under its true name and calls KFP's executor.

Guarantees:

- The same files give the same bytes: paths are sorted; times, owners, modes, the place of the
  clone and the order of hashes have no influence. The digest is taken over names, paths and
  uncompressed contents.
- A file that a component does not reach has no influence on its bundle. Within the component's own
  module that holds for every statement that is not reached, as long as the reached ones stay at
  their lines, which are part of what ships.
- Files are read and parsed once for each state of the file, so that many components of a project
  cost little more than one.
"""

from kfpkit.bundle.bundle import Bundle, ExternalImport, ShippedFile
from kfpkit.bundle.check import check
from kfpkit.bundle.collect import collect
from kfpkit.bundle.encode import encode
from kfpkit.bundle.notices import (
    BundleWarning,
    DataFileWarning,
    DynamicImportWarning,
    HiddenNameWarning,
    LeftOutWarning,
)

__all__ = [
    "Bundle",
    "BundleWarning",
    "DataFileWarning",
    "DynamicImportWarning",
    "ExternalImport",
    "HiddenNameWarning",
    "LeftOutWarning",
    "ShippedFile",
    "check",
    "collect",
    "encode",
]
