"""Turns a function into a command that carries it, with its helpers, into a container.

The input is a component's function, the project with its source roots, and an environment. The
output is the container's command, `python3 -c LOADER BOOTSTRAP DIGEST PAYLOAD…`.

    function ──collect──▶ Bundle ──check against──▶ environment
                            │
                          encode ──▶ command

`collect` reads syntax trees and never imports the author's code.

- It reduces the component's own module to the statements that the function reaches, at their
  original lines (`own_module`). Two components can therefore share a file without affecting each
  other.
- It follows imports from module to module (`gathering`). Each module ships whole, under the same
  dotted path, with its original bytes.
- It follows imports by name, and paths to data files beside a module, as far as it can read them
  from the source (`reading`), and reports the rest.
- It refuses what cannot work in a container, with the file, the line and a remedy. `check` does
  this for everything that depends on the environment.

`encode` compresses the files, splits the result into chunks below the size limit of one argument,
and adds `bootstrap.py` in front. In the container, `bootstrap.py` checks the digest, writes the
files into a private folder, imports the component's module under its original name, and calls KFP's
executor.

Guarantees:

- The same files produce the same bytes. Paths are sorted. Times, owners, modes, the clone's
  location and the order of hashes have no effect. The digest covers names, paths and uncompressed
  contents.
- A file that a component doesn't reach doesn't affect its bundle. The same holds for each statement
  of the component's own module that isn't reached, as long as the reached statements stay at their
  lines, which are part of the bundle.
- Files are read and parsed once for each state of the file, so many components of a project cost
  little more than one.
"""

from kfpkit.bundle.bundle import Bundle, ExternalImport, ShippedFile
from kfpkit.bundle.check import check
from kfpkit.bundle.collect import collect
from kfpkit.bundle.decode import decode
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
    "decode",
    "encode",
]
