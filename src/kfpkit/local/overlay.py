"""Makes a thin virtual environment that sees another one's packages and has pip.

Run by the other environment's Python, `python overlay.py FOLDER`, with the standard library only.
What is installed into the new environment stays in it, before what the other one has. pip is the
wheel that Python itself brings, used where it lies: nothing is downloaded and little is written.
"""

import ensurepip
import sys
import sysconfig
import venv
from pathlib import Path

PIP = """\
#!{python}
import runpy

runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def main(target: Path) -> None:
    """Make the virtual environment.

    Args:
        target: The folder to make.
    """
    venv.create(target, with_pip=False, symlinks=True)
    scheme = "venv" if "venv" in sysconfig.get_scheme_names() else "posix_prefix"
    places = {"base": str(target), "platbase": str(target)}
    packages = Path(sysconfig.get_path("purelib", scheme, places))
    wheels = Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")
    seen = [sysconfig.get_path("purelib"), *map(str, wheels)]
    (packages / "kfpkit.pth").write_text("\n".join(seen), encoding="utf-8")
    for name in ("pip", "pip3"):
        program = target / "bin" / name
        program.write_text(PIP.format(python=target / "bin" / "python"), encoding="utf-8")
        program.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
