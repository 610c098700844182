"""Modules with a component `score`, whose answer must not change when the module is reduced.

A case is the module's source, what becomes of it (`ships`, `told` or `refused`), and other files.
Where it ships, the task answers as the function does when the whole module is imported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

HEAD = "import kfpkit\n"
SCORE = (
    "\n@kfpkit.component(base_image='x')\ndef score(a: int) -> str:\n    return repr({answer})\n"
)
REGISTRY = {
    "fraud/registry.py": (
        "STEPS = {}\n\ndef register(name):\n    def keep(function):\n"
        "        STEPS[name] = function\n        return function\n    return keep\n\n"
        "def step(function):\n    STEPS[function.__name__] = function\n    return function\n"
    )
}


@dataclass(frozen=True)
class Case:
    """One module.

    Args:
        source: The module without its first import and without `score`.
        answer: The expression that `score` returns.
        verdict: What becomes of it.
        files: Other files of the project.
        line: Where the author is told something.
        provided: What the environment has; without any, the component runs in a foreign image.
    """

    source: str
    answer: str
    verdict: Literal["ships", "told", "refused"] = "ships"
    files: dict[str, str] = field(default_factory=dict)
    line: int = 0
    provided: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The whole module."""
        return self.source + HEAD + SCORE.format(answer=self.answer)


UNKNOWN = {
    "a name that nothing gives": Case(
        "LIMITS = {}\ntry:\n    LIMITS['a'] = undefined_name\nexcept NameError:\n    pass\n",
        "LIMITS",
    ),
}
REGISTRIES = {
    "singledispatch": Case(
        "import functools\n@functools.singledispatch\ndef show(x):\n    return 'any'\n"
        "@show.register\ndef _(x: int):\n    return 'int'\n"
        "@show.register(str)\ndef text(x):\n    return 'str'\n",
        "(show(1), show('a'), show(1.5))",
    ),
    "singledispatch called": Case(
        "import functools\n@functools.singledispatch\ndef show(x):\n    return 'any'\n"
        "def of_int(x):\n    return 'int'\nshow.register(int, of_int)\n",
        "(show(1), show('a'))",
    ),
    "own decorator": Case(
        "STEPS = []\ndef step(f):\n    STEPS.append(f)\n    return f\n"
        "@step\ndef one():\n    return 1\n@step\ndef two():\n    return 2\n",
        "[f() for f in STEPS]",
    ),
    "decorator factory": Case(
        "STEPS = {}\ndef step(name):\n    def keep(f):\n        STEPS[name] = f\n"
        "        return f\n    return keep\n@step('one')\ndef one():\n    return 1\n",
        "{k: f() for k, f in STEPS.items()}",
    ),
    "application object": Case(
        "class App:\n    def __init__(self):\n        self.routes = {}\n"
        "    def route(self, path):\n        def keep(f):\n            self.routes[path] = f\n"
        "            return f\n        return keep\napp = App()\n"
        "@app.route('/x')\ndef x():\n    return 'x!'\n",
        "{k: f() for k, f in app.routes.items()}",
    ),
    "decorator of a helper": Case(
        "from fraud.registry import STEPS, register, step\n@register('x')\ndef x():\n"
        "    return 1\n@step\ndef y():\n    return 2\n",
        "sorted((k, f()) for k, f in STEPS.items())",
        files=REGISTRY,
    ),
    "decorator of a helper that only another helper reads": Case(
        "from fraud.lookup import find\nfrom fraud.registry import register\n"
        "@register('x')\ndef x():\n    return 1\n",
        "find('x')",
        files={
            **REGISTRY,
            "fraud/lookup.py": (
                "from fraud.registry import STEPS\n\ndef find(name):\n"
                "    return STEPS[name]() if name in STEPS else None\n"
            ),
        },
    ),
    "decorator through the module": Case(
        "from fraud import registry\n@registry.step\ndef y():\n    return 2\n",
        "[f() for f in registry.STEPS.values()]",
        files=REGISTRY,
    ),
    "decorator that a package hands on": Case(
        "from fraud.api import step\nfrom fraud.registry import STEPS\n"
        "@step\ndef y():\n    return 2\n",
        "[f() for f in STEPS.values()]",
        files={**REGISTRY, "fraud/api.py": "from fraud.registry import step\n"},
    ),
    "class decorator": Case(
        "KINDS = {}\ndef kind(c):\n    KINDS[c.__name__] = c\n    return c\n"
        "@kind\nclass A:\n    x = 1\n",
        "{k: c.x for k, c in KINDS.items()}",
    ),
    "__init_subclass__": Case(
        "class Base:\n    kinds = []\n    def __init_subclass__(cls, **k):\n"
        "        super().__init_subclass__(**k)\n        Base.kinds.append(cls.__name__)\n"
        "class A(Base):\n    pass\nclass B(A):\n    pass\n",
        "Base.kinds",
    ),
    "__init_subclass__ fills a list": Case(
        "KINDS = []\nclass Base:\n    def __init_subclass__(cls):\n"
        "        KINDS.append(cls.__name__)\nclass A(Base):\n    pass\n",
        "KINDS",
    ),
    "__subclasses__": Case(
        "class Base:\n    pass\nclass A(Base):\n    pass\nclass B(Base):\n    pass\n",
        "sorted(c.__name__ for c in Base.__subclasses__())",
    ),
    "metaclass": Case(
        "KINDS = []\nclass Meta(type):\n    def __new__(m, name, bases, body):\n"
        "        made = super().__new__(m, name, bases, body)\n        KINDS.append(name)\n"
        "        return made\nclass Base(metaclass=Meta):\n    pass\nclass A(Base):\n    pass\n",
        "KINDS",
    ),
    "metaclass with a list of its own": Case(
        "class Meta(type):\n    kinds = []\n    def __init__(cls, name, bases, body):\n"
        "        Meta.kinds.append(name)\nclass Base(metaclass=Meta):\n    pass\n"
        "class A(Base):\n    pass\n",
        "Base.kinds",
    ),
    "ABC.register": Case(
        "import abc\nclass Shape(abc.ABC):\n    pass\nclass Square:\n    pass\n"
        "Shape.register(Square)\n",
        "isinstance(Square(), Shape)",
    ),
    "ABC.register as a decorator": Case(
        "import abc\nclass Shape(abc.ABC):\n    pass\n@Shape.register\nclass Square:\n    pass\n",
        "issubclass(Square, Shape)",
    ),
    "registry of a base in a helper": Case(
        "from fraud.base import Base\nclass A(Base):\n    pass\n",
        "Base.kinds",
        files={
            "fraud/base.py": (
                "class Base:\n    kinds = []\n    def __init_subclass__(cls):\n"
                "        Base.kinds.append(cls.__name__)\n"
            )
        },
    ),
    "registry of an object's class": Case(
        "class Registry:\n    def __init__(self):\n        self.items = []\n"
        "    def add(self, f):\n        self.items.append(f.__name__)\n        return f\n"
        "registry = Registry()\n@registry.add\ndef one():\n    pass\n",
        "registry.items",
    ),
    "method that fills a global": Case(
        "T = {}\nclass Filler:\n    def fill(self):\n        T['x'] = 1\nfiller = Filler()\n"
        "filler.fill()\n",
        "T",
    ),
    "constructor that fills a global": Case(
        "T = []\nclass Item:\n    def __init__(self, x):\n        T.append(x)\n"
        "Item(1)\n_b = Item(2)\n",
        "T",
    ),
    "classmethod": Case(
        "class Box:\n    items = []\n    @classmethod\n    def add(cls, x):\n"
        "        cls.items.append(x)\nBox.add(3)\n",
        "Box.items",
    ),
}

CALLS = {
    "configure": Case(
        "LIMIT = 1\ndef configure(limit):\n    global LIMIT\n    LIMIT = limit\n"
        "configure(limit=5)\n",
        "LIMIT",
    ),
    "configure through another function": Case(
        "LIMIT = 1\ndef configure(limit):\n    global LIMIT\n    LIMIT = limit\n"
        "def setup():\n    configure(7)\nsetup()\n",
        "LIMIT",
    ),
    "configure in a helper": Case(
        "from fraud.settings import configure, limit\nconfigure(5)\n",
        "limit()",
        files={
            "fraud/settings.py": (
                "LIMIT = 1\ndef configure(x):\n    global LIMIT\n    LIMIT = x\n"
                "def limit():\n    return LIMIT\n"
            )
        },
    ),
    "heapify": Case("import heapq\nL = [3, 1, 2]\nheapq.heapify(L)\n", "L"),
    "heappop": Case("import heapq\nL = [1, 2, 3]\n_least = heapq.heappop(L)\n", "L"),
    "list.sort": Case("M = [3, 1, 2]\nlist.sort(M)\n", "M"),
    "method": Case("M = [3, 1, 2]\nM.sort()\n", "M"),
    "method whose value is bound": Case("M = [1, 2]\n_last = M.pop()\n", "M"),
    "setdefault": Case("T = {}\nrows = T.setdefault('rows', [])\nrows.append(1)\n", "T"),
    "shuffle": Case("import random\nrandom.seed(1)\nL = [1, 2, 3, 4]\nrandom.shuffle(L)\n", "L"),
    "argument": Case("T = {}\ndef fill(t):\n    t['x'] = 1\nfill(T)\n", "T"),
    "keyword argument": Case("T = {}\ndef fill(*, t):\n    t['x'] = 1\nfill(t=T)\n", "T"),
    "star argument": Case(
        "T = {}\ndef fill(*ts):\n    for t in ts:\n        t['x'] = 1\nfill(T, T)\n",
        "T",
    ),
    "value that is thrown away": Case(
        "T = []\ndef add(t, x):\n    t.append(x)\n    return len(t)\n_a = add(T, 4)\n", "T"
    ),
    "loop": Case("T = []\nfor i in range(3):\n    T.append(i)\n", "T"),
    "condition": Case(
        "T = {}\ndef fill():\n    T['x'] = 1\n    return True\nif fill():\n    pass\n", "T"
    ),
    "loop over names": Case("a1 = {}\nb1 = {}\nfor d in (a1, b1):\n    d['x'] = 1\n", "(a1, b1)"),
    "alias": Case("T = {}\nalias = T\nalias['k'] = 1\n", "T"),
    "alias of an alias": Case("T = {}\none = T\ntwo = one\ntwo.update(k=1)\n", "T"),
    "alias in a tuple": Case("T = {}\npair = (T, 1)\npair[0]['k'] = 1\n", "T"),
    "alias of an inner value": Case("T = {'in': []}\ninner = T['in']\ninner.append(1)\n", "T"),
    "alias from a function": Case(
        "T = {}\ndef table():\n    return T\nt = table()\nt['k'] = 1\n", "T"
    ),
    "alias from a call": Case("T = {}\ndef table():\n    return T\ntable()['k'] = 1\n", "T"),
    "alias in a with": Case(
        "import contextlib\nT = {}\nwith contextlib.nullcontext(T) as t:\n    t['k'] = 1\n", "T"
    ),
    "alias by walrus": Case("T = {}\nif (t := T) is not None:\n    t['k'] = 1\n", "T"),
    "alias in a match": Case("T = {}\nmatch T:\n    case t:\n        t['k'] = 1\n", "T"),
    "augmented assignment": Case("X = 1\nX += 1\n", "X"),
    "augmented alias": Case("L = [1]\nalias = L\nalias += [2]\n", "L"),
    "item": Case("T = {}\nT['x'] = 1\n", "T"),
    "inner item": Case("T = {'a': {}}\nT['a']['b'] = 1\n", "T"),
    "attribute": Case("class C:\n    x = 1\nC.x = 2\n", "C.x"),
    "attribute of a function": Case("def f():\n    return f.x\nf.x = 3\n", "f()"),
    "setattr": Case("class C:\n    pass\nsetattr(C, 'x', 2)\n", "C.x"),
    "delete": Case("T = {'x': 1, 'y': 2}\ndel T['x']\n", "T"),
    "comprehension": Case("T = []\n[T.append(i) for i in range(3)]\n", "T"),
    "while": Case("T = []\nwhile len(T) < 2:\n    T.append(0)\n", "T"),
    "try": Case("T = []\ntry:\n    T.append(1)\nfinally:\n    T.append(2)\n", "T"),
    "else of a try": Case(
        "T = []\ntry:\n    x = 1\nexcept ValueError:\n    pass\nelse:\n    T.append(x)\n", "T"
    ),
    "function in a list": Case("T = []\ndef f():\n    return 1\nT.append(f)\n", "[g() for g in T]"),
    "lambda": Case("T = []\nadd = lambda x: T.append(x)\nadd(1)\n", "T"),
    "partial": Case("import functools\nT = []\nadd = functools.partial(T.append, 1)\nadd()\n", "T"),
    "bound method": Case("T = []\nadd = T.append\nadd(1)\nadd(2)\n", "T"),
    "nested functions": Case(
        "T = []\ndef outer():\n    def inner():\n        T.append(1)\n    inner()\nouter()\n", "T"
    ),
    "class body": Case("T = []\nclass Fill:\n    T.append(1)\n", "T"),
    "decorated class that changes another": Case(
        "T = {}\ndef note(**k):\n    T.update(k)\n    return lambda c: c\n"
        "@note(x=1)\nclass Other:\n    pass\n",
        "T",
    ),
    "default argument": Case("T = []\ndef other(x=T.append(1)):\n    pass\n", "T"),
    "walrus call": Case("T = [1, 2]\nif (n := T.pop()) > 1:\n    pass\n", "T"),
    "deque": Case("import collections\nQ = collections.deque([1])\nQ.appendleft(0)\n", "list(Q)"),
    "dataclass made by hand": Case(
        "import dataclasses\nclass P:\n    x: int = 1\ndataclasses.dataclass(P)\n", "P(x=2)"
    ),
    "vars": Case("class C:\n    pass\nC.__dict__\nsetattr(C, 'y', 5)\n", "C.y"),
    "several targets": Case("A = B = {}\nB['x'] = 1\n", "A"),
    "generator that is consumed": Case(
        "T = []\ndef fill():\n    T.append(1)\n    yield\nlist(fill())\n", "T"
    ),
    "exec": Case("LIMIT = 1\nexec('LIMIT = 2')\n", "LIMIT"),
}

PROCESS = {
    "os.environ item": Case(
        "import os\nos.environ['FRAUD_X'] = '1'\n", "__import__('os').environ.get('FRAUD_X')"
    ),
    "os.environ.update": Case(
        "import os\nos.environ.update(FRAUD_Y='2')\n", "__import__('os').environ.get('FRAUD_Y')"
    ),
    "os.environ by name": Case(
        "from os import environ\nenviron['FRAUD_Z'] = '3'\n", "__import__('os').getenv('FRAUD_Z')"
    ),
    "sys.path": Case(
        "import sys\nsys.path.append('/nowhere')\n", "'/nowhere' in __import__('sys').path"
    ),
    "sys.path as a list": Case(
        "import sys\nsys.path += ['/nowhere']\n", "'/nowhere' in __import__('sys').path"
    ),
    "warnings": Case(
        "import warnings\nwarnings.filterwarnings('error', message='fraud.*')\n",
        "len([f for f in __import__('warnings').filters if f[1] and f[1].pattern == 'fraud.*'])",
    ),
    "locale": Case(
        "import locale\nlocale.setlocale(locale.LC_NUMERIC, 'C')\n",
        "__import__('locale').getlocale(__import__('locale').LC_NUMERIC)",
    ),
    "decimal": Case(
        "import decimal\ndecimal.getcontext().prec = 5\n",
        "str(__import__('decimal').Decimal(1) / 3)",
    ),
    "decimal by name": Case(
        "from decimal import getcontext\ncontext = getcontext()\ncontext.prec = 4\n",
        "str(__import__('decimal').Decimal(1) / 3)",
    ),
    "random": Case("import random\nrandom.seed(3)\n", "__import__('random').random()"),
    "random in a function": Case(
        "import random\ndef setup():\n    random.seed(4)\nsetup()\n",
        "__import__('random').random()",
    ),
    "logging": Case(
        "import logging\nlogging.getLogger('fraud').setLevel(5)\n",
        "__import__('logging').getLogger('fraud').level",
    ),
    "logger in a variable": Case(
        "import logging\nlog = logging.getLogger('fraud')\nlog.setLevel(7)\n",
        "__import__('logging').getLogger('fraud').level",
    ),
    "copyreg": Case(
        "import copyreg\nclass P:\n    pass\ndef reduce(p):\n    return (P, ())\n"
        "copyreg.pickle(P, reduce)\n",
        "len(__import__('pickle').dumps(P())) > 0 and P in __import__('copyreg').dispatch_table",
    ),
    "recursion limit": Case(
        "import sys\nsys.setrecursionlimit(2345)\n", "__import__('sys').getrecursionlimit()"
    ),
    "attribute of the standard library": Case(
        "import json\njson.encoder.FLOAT_REPR = 'x'\n",
        "__import__('json').encoder.FLOAT_REPR",
    ),
    "csv dialect": Case(
        "import csv\ncsv.register_dialect('fraud', delimiter=';')\n",
        "'fraud' in __import__('csv').list_dialects()",
    ),
    "value on a helper module": Case(
        "import fraud.h as h\nfrom fraud.user import value\nh.VALUE = 9\n",
        "value()",
        files={
            "fraud/h.py": "VALUE = 1\n",
            "fraud/user.py": "from fraud import h\n\ndef value():\n    return h.VALUE\n",
        },
    ),
    "third party": Case(
        "import yaml\nyaml.add_constructor('!x', lambda loader, node: 'made', yaml.SafeLoader)\n",
        "__import__('yaml').safe_load('!x a')",
    ),
    "third party that is used": Case(
        "import yaml\nyaml.SafeLoader.fraud = 3\n", "yaml.SafeLoader.fraud"
    ),
    "third party that is missing": Case(
        "import torch\ntorch.manual_seed(0)\n", "1", verdict="told", line=2
    ),
    "library without effect on the component": Case(
        "import click\nclick.disable_unicode_literals_warning = True\n", "1", verdict="told", line=2
    ),
}

IMPORTS = {
    "plug-ins": Case(
        "from fraud import plugins  # noqa: F401\nfrom fraud.registry import STEPS\n",
        "sorted(STEPS)",
        files={
            **REGISTRY,
            "fraud/__init__.py": "",
            "fraud/plugins.py": (
                "from fraud.registry import step\n@step\ndef plugged():\n    return 1\n"
            ),
        },
    ),
    "plug-ins that another function uses": Case(
        "from fraud import plugins\nfrom fraud.registry import STEPS\n"
        "def other():\n    return plugins.plugged()\n",
        "sorted(STEPS)",
        files={
            **REGISTRY,
            "fraud/__init__.py": "",
            "fraud/plugins.py": (
                "from fraud.registry import step\n@step\ndef plugged():\n    return 1\n"
            ),
        },
    ),
    "submodule through getattr": Case(
        "import fraud.sub.one\nimport fraud.sub.two\n",
        "(fraud.sub.one.X, getattr(fraud.sub, 'two').X)",
        files={
            "fraud/sub/__init__.py": "",
            "fraud/sub/one.py": "X = 1\n",
            "fraud/sub/two.py": "X = 2\n",
        },
    ),
    "import for effect in a block": Case(
        "from fraud.registry import STEPS\ntry:\n    import fraud.plugins\nexcept ImportError:\n"
        "    pass\n",
        "sorted(STEPS)",
        files={
            **REGISTRY,
            "fraud/__init__.py": "",
            "fraud/plugins.py": (
                "from fraud.registry import step\n@step\ndef plugged():\n    return 1\n"
            ),
        },
    ),
    "library for its effect": Case(
        "import yaml.cyaml\nimport sys\n", "'yaml.cyaml' in sys.modules", provided=("yaml",)
    ),
    "library for its effect that is missing": Case(
        "from sklearn.experimental import enable_iterative_imputer\n",
        "1",
        verdict="told",
        line=1,
    ),
}

STARS = {
    "star after an assignment": Case(
        "LIMIT = 1\nfrom fraud.values import *\n",
        "LIMIT",
        files={"fraud/values.py": "LIMIT = 2\n"},
    ),
    "assignment after a star": Case(
        "from fraud.values import *\nLIMIT = 1\n",
        "LIMIT",
        files={"fraud/values.py": "LIMIT = 2\n"},
    ),
    "assignment from a star": Case(
        "from fraud.values import *\nLIMIT = LIMIT + 1\n",
        "LIMIT",
        files={"fraud/values.py": "LIMIT = 2\n"},
    ),
    "two stars": Case(
        "from fraud.one import *\nfrom fraud.two import *\n",
        "LIMIT",
        files={"fraud/one.py": "LIMIT = 1\n", "fraud/two.py": "LIMIT = 2\n"},
    ),
    "star that hides a builtin": Case("from math import *\n", "(pow(2, 2), sqrt(4))"),
    "star of a helper that hides a builtin": Case(
        "from fraud.values import *\n",
        "len('abc')",
        files={"fraud/values.py": "def len(x):\n    return -1\n"},
    ),
    "star of the standard library": Case("from collections import *\n", "OrderedDict(a=1)['a']"),
    "__all__ +=": Case(
        "from fraud.values import *\n",
        "(LOW, HIGH)",
        files={"fraud/values.py": "__all__ = ['LOW']\nLOW = 1\n__all__ += ['HIGH']\nHIGH = 2\n"},
    ),
    "__all__.append": Case(
        "_X = 1\nfrom fraud.values import *\n",
        "_X",
        files={"fraud/values.py": "__all__ = []\n_X = 2\n__all__.append('_X')\n"},
    ),
    "__all__.extend of another module's": Case(
        "_Y = 1\nfrom fraud.values import *\n",
        "_Y",
        files={
            "fraud/__init__.py": "",
            "fraud/values.py": (
                "from fraud import inner\nfrom fraud.inner import *\n__all__ = []\n"
                "__all__.extend(inner.__all__)\n"
            ),
            "fraud/inner.py": "__all__ = ['_Y']\n_Y = 2\n",
        },
    ),
    "__all__ without a name": Case(
        "LIMIT = 1\nfrom fraud.values import *\n",
        "LIMIT",
        files={"fraud/values.py": "__all__ = ['LOW']\nLOW = 0\nLIMIT = 2\n"},
    ),
    "__all__ with a submodule": Case(
        "from fraud.sub import *\n",
        "one.X",
        files={"fraud/sub/__init__.py": "__all__ = ['one']\n", "fraud/sub/one.py": "X = 1\n"},
    ),
    "star of a star": Case(
        "from fraud.outer import *\n",
        "LIMIT",
        files={
            "fraud/outer.py": "from fraud.inner import *\n",
            "fraud/inner.py": "LIMIT = 2\n",
        },
    ),
    "star in a default": Case(
        "from fraud.values import *\ndef f(x=LIMIT):\n    return x\n",
        "f()",
        files={"fraud/values.py": "LIMIT = 2\n"},
    ),
    "star in a decorator": Case(
        "from fraud.values import *\n@twice\ndef f():\n    return 2\n",
        "f()",
        files={"fraud/values.py": "def twice(f):\n    return lambda: 2 * f()\n"},
    ),
    "NameError that excuses one read": Case(
        "try:\n    LIMIT = unicode\nexcept NameError:\n    LIMIT = 1\nfrom fraud.values import *\n",
        "(LIMIT, unicode)",
        files={"fraud/values.py": "unicode = 'u'\n"},
    ),
    "star of a library that is missing": Case(
        "from torch import *\n", "len('abc')", verdict="told", line=1
    ),
}

INERT = {
    "main block": Case("T = []\nif __name__ == '__main__':\n    T.append(1)\n", "T"),
    "library call on what nothing reaches": Case(
        "import os\nSQL = os.path.join('a', 'b')\nPROJECT = os.environ.get('P')\n", "1"
    ),
    "print": Case("T = [1]\nprint(T)\nprint('x')\n", "T"),
    "log line": Case(
        "import logging\nlogging.info('x')\nlog = logging.getLogger('x')\nlog.warning('y')\n", "1"
    ),
    "pure functions": Case("T = [3, 1]\nS = sorted(T)\nN = len(T)\nM = max(T)\n", "T"),
    "dataclasses side by side": Case(
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1\n"
        "@dataclass\nclass B:\n    y: 'missing' = 1\n",
        "A().x",
    ),
    "cached functions side by side": Case(
        "import functools\n@functools.cache\ndef one():\n    return 1\n"
        "@functools.cache\ndef two():\n    return undefined_here\n",
        "one()",
    ),
}

CASES: dict[str, Case] = {
    **REGISTRIES,
    **CALLS,
    **PROCESS,
    **IMPORTS,
    **STARS,
    **INERT,
    **UNKNOWN,
}
