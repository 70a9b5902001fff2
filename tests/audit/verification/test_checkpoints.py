"""A checkpoint kept elsewhere shows a history that was made sound again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.audit.verification.tampering import run

from dsvault.audit.checkpoint import read_checkpoint, sign
from dsvault.audit.errors import CheckpointError, KeyFileError
from dsvault.audit.signing import make_key, read_key
from dsvault.ops.audit.reading import Reader, heads
from dsvault.ops.audit.verify import verify_in

if TYPE_CHECKING:
    from pathlib import Path

    from dsvault.db import Session


def rewrite_everything(session: Session) -> None:
    """Change the first entry, then make all seals anew, as who can do anything would."""
    run(session, "UPDATE dsvault.audit_logs SET action = 'x.y' WHERE action = 'user.create'")
    run(
        session, "CREATE TEMP TABLE ends AS SELECT DISTINCT to_transaction FROM dsvault.audit_seals"
    )
    run(session, "DELETE FROM dsvault.audit_seals")
    run(
        session,
        """SELECT dsvault_private.seal_range(
               coalesce(lag(to_transaction) OVER (ORDER BY to_transaction), '0'), to_transaction)
           FROM ends ORDER BY to_transaction""",
    )


def test_a_checkpoint_shows_a_history_that_was_made_sound_again(
    session: Session, tmp_path: Path
) -> None:
    key = make_key(tmp_path / "key")
    text = json.dumps(sign(key, "now", heads(session, None)))
    checkpoint = read_checkpoint(text)
    assert verify_in(session, Reader(), checkpoint).findings == ()
    rewrite_everything(session)
    assert verify_in(session, Reader()).findings == (), "nothing inside of the database tells"
    findings = verify_in(session, Reader(), checkpoint).findings
    assert {finding.what for finding in findings} == {
        "history was replaced: the checkpoint tells this seal otherwise"
    }


def test_a_checkpoint_shows_seals_that_were_cut_off(session: Session, tmp_path: Path) -> None:
    text = json.dumps(sign(make_key(tmp_path / "key"), "now", heads(session, None)))
    run(session, "DELETE FROM dsvault.audit_seals WHERE seal_number = 3")
    assert verify_in(session, Reader()).findings == ()
    findings = verify_in(session, Reader(), read_checkpoint(text)).findings
    assert len(findings) == 3
    assert all("is not there" in finding.what for finding in findings)


def test_a_checkpoint_that_was_changed_or_signed_by_others_is_refused(
    session: Session, tmp_path: Path
) -> None:
    key = make_key(tmp_path / "key")
    said = sign(key, "now", heads(session, None))
    text = json.dumps(said)
    assert read_checkpoint(text, said["public_key"]).made_at == "now"
    with pytest.raises(CheckpointError, match="Somebody else"):
        read_checkpoint(text, "00" * 32)
    for change in ({"made_at": "then"}, {"seals": said["seals"][1:]}, {"signature": "00" * 64}):
        with pytest.raises(CheckpointError, match="was changed"):
            read_checkpoint(json.dumps(said | change))
    for other in ("", "[]", "{}", json.dumps(said | {"format": "other"}), text[:-5]):
        with pytest.raises(CheckpointError, match="no checkpoint"):
            read_checkpoint(other)


def test_a_signing_key_is_not_shared(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path)
    with pytest.raises(KeyFileError, match="No new key"):
        make_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="Others may read"):
        read_key(path)
    path.chmod(0o600)
    path.write_text("nothing")
    with pytest.raises(KeyFileError, match="no Ed25519 key"):
        read_key(path)
    with pytest.raises(KeyFileError, match="cannot be read"):
        read_key(tmp_path / "none")
