from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from community_ops import InvalidDocument, OperatingModel, Unit, dump, dumps, load, loads
from community_ops.io import documents

OLD = OperatingModel.of(Unit(id="hq", name="总部"))
NEW = OperatingModel.of(Unit(id="hq", name="Head office"), Unit(id="it", name="IT", parent="hq"))


def test_a_file_gives_back_the_model_it_was_written_from(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    dump(NEW, path)
    assert load(path) == NEW
    assert path.read_text("utf-8") == dumps(NEW)
    assert loads(dumps(NEW)) == NEW


def test_text_is_written_as_utf8_with_unix_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    dump(OLD, path)
    assert "总部".encode() in path.read_bytes()
    assert b"\r" not in path.read_bytes()


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(b"\xef\xbb\xbf" + dumps(OLD).encode())
    assert load(path) == OLD


def test_a_file_that_is_not_utf8_is_refused_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    text = dumps(OLD)
    path.write_bytes(text.encode("gb18030"))  # where 总 is D7 DC
    with pytest.raises(InvalidDocument, match=f"the file is not UTF-8: byte {text.index('总')} is 0xd7") as caught:
        load(path)
    assert caught.value.code == "bad-encoding"


def test_a_file_over_the_limit_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    dump(NEW, path)
    with pytest.raises(InvalidDocument, match="over the limit of 10 characters"):
        load(path, document_limit=10)
    with pytest.raises(InvalidDocument, match="the limit is 5"):
        load(path, string_limit=5)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing.json")


def test_permissions_stay_and_links_are_followed(tmp_path: Path) -> None:
    real = tmp_path / "real.json"
    dump(OLD, real)
    real.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(real)
    dump(NEW, link)
    assert link.is_symlink()
    assert load(real) == NEW
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_any_new_file_has(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("x")
    dump(OLD, tmp_path / "model.json")
    assert (tmp_path / "model.json").stat().st_mode == plain.stat().st_mode


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.json"
    dump(OLD, path)

    def full(model: OperatingModel):
        yield "half of it"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(documents.codec, "lines", full)
    with pytest.raises(OSError, match="No space left"):
        dump(NEW, path)
    monkeypatch.undo()
    assert load(path) == OLD
    assert os.listdir(tmp_path) == ["model.json"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a size-limited process, as Linux has")
def test_a_real_write_error_leaves_the_old_file_whole(tmp_path: Path) -> None:
    """The kernel itself refuses the write (RLIMIT_FSIZE), as on a full disk."""
    path = tmp_path / "model.json"
    dump(OLD, path)
    script = f"""
        import resource, signal
        from community_ops import OperatingModel, Unit, dump
        model = OperatingModel(Unit(id=str(n), name="x" * 50) for n in range(5000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            dump(model, {str(path)!r})
        except OSError as error:
            print("refused", error.errno)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused 27"
    assert load(path) == OLD
    assert os.listdir(tmp_path) == ["model.json"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals as POSIX has them")
def test_a_process_killed_while_dumping_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    dump(OLD, path)
    script = f"""
        import os, signal
        from community_ops import OperatingModel, Unit, dump
        from community_ops.io import documents
        lines = documents.codec.lines
        def deadly(model):
            for n, line in enumerate(lines(model)):
                if n == 2000:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield line
        documents.codec.lines = deadly
        dump(OperatingModel(Unit(id=str(n), name="x" * 50) for n in range(5000)), {str(path)!r})
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert done.returncode == -9
    assert load(path) == OLD


def test_a_directory_that_cannot_be_synced_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refuse(path: str, flags: int, *rest: int, **named: int) -> int:
        if Path(path) == tmp_path:
            raise PermissionError(13, "not on this system")
        return opened(path, flags, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    dump(NEW, tmp_path / "model.json")
    monkeypatch.undo()
    assert load(tmp_path / "model.json") == NEW
