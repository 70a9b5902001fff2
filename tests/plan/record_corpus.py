"""Ask Sqitch about the corpus and write its answers down: python -m tests.plan.record_corpus."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.plan.corpus_plans import PLANS
from tests.support.sqitch import PlanJudge, lack_of_sqitch

RECORD = Path(__file__).with_name("corpus.json")


def shorten(answer: dict[str, Any]) -> dict[str, Any]:
    """Keep of an answer what is not hashed into the IDs, and these."""
    if "error" in answer:
        return {"error": answer["error"].partition(" at /usr/")[0].strip()}
    return {
        "uri": answer["stored_uri"],
        "changes": [
            {
                "id": change["id"],
                "name": change["name"],
                "note": change["note"],
                "tags": {tag["name"]: tag["id"] for tag in change["tags"]},
                "rework_tags": change["rework_tags"],
                "dependencies": change["requires"] + [f"!{item}" for item in change["conflicts"]],
            }
            for change in answer["changes"]
        ],
    }


def record() -> dict[str, Any]:
    """Return Sqitch's answers about all plans of the corpus, by the plans' names."""
    with tempfile.TemporaryDirectory() as folder, PlanJudge(Path(folder)) as judge:
        return {name: shorten(judge.ask(plan)) for name, plan in PLANS.items()}


def render(answers: dict[str, Any]) -> str:
    """Return the record's text: one line for each plan."""
    lines = (f"{json.dumps(name)}: {json.dumps(answer)}" for name, answer in answers.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write the record."""
    lack = lack_of_sqitch("1.3")
    if lack:
        raise SystemExit(lack)
    RECORD.write_text(render(record()))


if __name__ == "__main__":
    main()
