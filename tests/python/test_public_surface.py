"""What a reader of help(), an editor and an import see."""

import ast
import inspect
import subprocess
import sys
import typing
from importlib.resources import files
from pathlib import Path

import mailroll
import mailroll._core
import mailroll._progress
import pytest

STUB = Path(str(files("mailroll") / "_core.pyi"))
CLASSES = [getattr(mailroll, name) for name in mailroll.__all__ if isinstance(getattr(mailroll, name), type)]


def members(owner: type) -> typing.Iterator[tuple[str, object]]:
    for name in vars(owner):
        if not name.startswith("_"):
            yield f"{owner.__name__}.{name}", getattr(owner, name)


def public() -> dict[str, object]:
    """Everything with a name that a caller may use."""
    found = {name: getattr(mailroll, name) for name in mailroll.__all__ if not name.startswith("__")}
    for owner in CLASSES:
        found.update(members(owner))
    return found


def test_every_public_name_has_a_docstring():
    # Recipient's tuple methods and the plain data of the exceptions are Python's own.
    data = {"NO_TOPIC", "kind", "details", "n_fields", "n_sequence_fields", "n_unnamed_fields"}
    missing = [
        name
        for name, item in public().items()
        if name.split(".")[-1] not in data and not (inspect.getdoc(item) or "").strip()
    ]
    assert missing == []
    assert mailroll.__doc__
    assert mailroll._progress.Bar.__doc__


def test_the_package_exports_all_of_the_bindings():
    assert sorted(mailroll.__all__) == sorted(mailroll._core.__all__)


def documented(tree: ast.AST, prefix: str = "") -> dict[str, str]:
    found = {}
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            text = ast.get_docstring(node)
            if text:
                found[prefix + node.name] = text
            if isinstance(node, ast.ClassDef):
                found.update(documented(node, f"{node.name}."))
    return found


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_stub_says_what_help_says():
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    stub = documented(tree)
    for name, text in stub.items():
        item: object = mailroll._core
        for part in name.split("."):
            item = getattr(item, part)
        assert words(item.__doc__) == words(text), name
    inherited = {"n_fields", "n_sequence_fields", "n_unnamed_fields", "count", "index"}
    undocumented = [
        name
        for name, item in public().items()
        if name not in stub
        and not name.startswith("Recipient.")
        and name.split(".")[-1] not in inherited | {"NO_TOPIC", "prop", "field", "unsubscribed", "kind", "details"}
    ]
    assert undocumented == []


def test_signatures_can_be_read_by_people_and_tools():
    with mailroll.open("memory://") as roll:
        assert list(inspect.signature(roll.contacts.add).parameters) == [
            "email",
            "first_name",
            "last_name",
            "properties",
            "segments",
        ]
        topic = inspect.signature(roll.audience).parameters["topic"]
        assert topic.kind is inspect.Parameter.KEYWORD_ONLY
        assert topic.default is inspect.Parameter.empty
    assert list(inspect.signature(mailroll.open).parameters) == ["url", "team", "actor", "key_file"]
    for name, item in public().items():
        if callable(item) and not isinstance(item, type) and not name.startswith("Recipient."):
            inspect.signature(item)


def test_the_type_information_is_shipped():
    assert (files("mailroll") / "py.typed").is_file()


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-I", "-c", code], check=True, capture_output=True, text=True, timeout=60
    ).stdout


@pytest.mark.parametrize("module", ["numpy", "pandas", "polars", "pyarrow", "tqdm", "matplotlib", "IPython", "uuid"])
def test_importing_mailroll_imports_no_heavy_module(module):
    assert run(f"import sys, mailroll; print({module!r} in sys.modules)").strip() == "False"


def test_importing_mailroll_takes_less_than_80_milliseconds():
    code = "import time; start = time.perf_counter(); import mailroll; print(time.perf_counter() - start)"
    assert min(float(run(code)) for _ in range(5)) < 0.080


def test_the_version_is_the_librarys():
    assert mailroll.__version__.count(".") == 2


def test_what_is_seen_is_called_mailroll():
    for owner in CLASSES:
        assert owner.__module__ == "mailroll"
