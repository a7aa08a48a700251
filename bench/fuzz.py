"""Fuzzes the reading of documents with atheris, which looks for input that reaches new branches of the library.

    pip install atheris && python bench/fuzz.py [--seconds 300] [--corpus DIRECTORY]

Not part of CI: the tests spoil a thousand documents with Hypothesis. Only `InvalidDocument` or a model may come out of
`loads`, in both ways of treating unknown content, and a model has to go there and back. libFuzzer prints the number of
runs, the branches reached (cov) and, if something else came out, the input that did it, which it leaves in a file.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped, unused-ignore]  # no part of any extra

TOKENS = ('"id"', '"extra"', '"version":', '"positions":', '{"amount":"1","currency":"EUR"}', "\\ud800", "1e999")

with atheris.instrument_imports(include=["community_ops"]):
    import community_ops as co
    from community_ops.kernel.codec import dumps, loads


def one(data: bytes) -> None:
    """Read one document in both ways."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    for unknown in ("refuse", "keep"):
        try:
            model = loads(text, co.OperatingModel, unknown=unknown)
        except co.InvalidDocument:
            continue
        again = loads(dumps(model), co.OperatingModel, unknown=unknown)
        if again != model or dumps(again) != dumps(model):
            raise AssertionError("what was written is not what was read")


def seeds(directory: Path) -> None:
    """Write documents to start from: a small one of every table, of both versions, and the empty one."""
    data = json.loads(co.dumps(co.templates.community_operations("en")))
    small = {key: value[:1] if isinstance(value, list) else value for key, value in data.items()}
    for name, tables in {"empty": {}, "small": small, "old": {**small, "version": 1}}.items():
        text = json.dumps({"format": "community-ops", "version": 2, **tables})
        (directory / name).write_text(text.replace("monthly_cost", "cost") if name == "old" else text, "utf-8")
    (directory / "tokens.dict").write_text("".join(f'"{_quoted(token)}"\n' for token in TOKENS), "utf-8")


def _quoted(token: str) -> str:
    return token.replace("\\", "\\\\").replace('"', '\\"')


def main() -> None:
    """Fuzz for a while; the exit status is not 0 where something was found."""
    parser = argparse.ArgumentParser(description="Fuzz the reading of documents.")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--corpus", type=Path, default=None, help="where to keep inputs that reached something new")
    asked = parser.parse_args()
    corpus = asked.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus.mkdir(parents=True, exist_ok=True)
    seeds(corpus)
    options = [f"-max_total_time={asked.seconds}", "-max_len=8000", "-len_control=0", f"-dict={corpus / 'tokens.dict'}"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
