"""Configuration files are changed where it is asked, and nowhere else."""

from __future__ import annotations

import pytest

from dsvault.config import ConfigError
from dsvault.config.syntax import parse_settings
from dsvault.config.writing import add_value, rename_section, replace_all, set_value, unset

TEXT = (
    "# top\n[core]\n\tengine = pg ; mine\n\tmany = 1\n\tmany = 2\n\t# end\n"
    '[target "A.b"]\n\turi = x\n'
)


def values(text: str) -> list[tuple[str, str | None]]:
    return [(setting.key, setting.value) for setting in parse_settings(text, "t")]


@pytest.mark.parametrize(
    "value", ["x", "a b", '"q"', "a;b", "a#b", "back\\slash", "two\nlines", "\ttab", "é"]
)
def test_any_value_is_read_as_it_was_written(value: str) -> None:
    assert ("core.x", value) in values(set_value(TEXT, "core.x", value))


def test_a_value_is_replaced_where_it_stands() -> None:
    assert set_value(TEXT, "Core.Engine", "q") == TEXT.replace("engine = pg", "Engine = q")


def test_a_new_key_comes_behind_the_last_one_of_its_section() -> None:
    assert set_value(TEXT, "core.new", "1") == TEXT.replace(
        "\tmany = 2\n", "\tmany = 2\n\tnew = 1\n"
    )
    assert set_value(TEXT, "target.A.b.new", "1") == TEXT + "\tnew = 1\n"
    assert set_value("", "target.c.variables.x", "1") == '[target "c.variables"]\n\tx = 1\n'
    assert set_value("[a]", "a.x", "1") == "[a]\n\tx = 1\n"


def test_a_key_with_several_values_is_not_overwritten_by_chance() -> None:
    with pytest.raises(ConfigError, match="Cannot overwrite multiple values"):
        set_value(TEXT, "core.many", "3")
    with pytest.raises(ConfigError, match="Cannot unset key with multiple values"):
        unset(TEXT, "core.many")
    assert replace_all(TEXT, "core.many", "3") == TEXT.replace("\tmany = 1\n", "").replace(
        "many = 2", "many = 3"
    )
    assert "many" not in unset(TEXT, "core.many", every=True)
    assert add_value(TEXT, "core.many", "3").count("many") == 3


def test_a_section_is_renamed_or_removed() -> None:
    assert rename_section(TEXT, "target.A.b", "target.c").endswith('[target "c"]\n\turi = x\n')
    assert rename_section(TEXT, "core", None) == '# top\n[target "A.b"]\n\turi = x\n'
    with pytest.raises(ConfigError, match="No such section"):
        rename_section(TEXT, "nowhere", None)


@pytest.mark.parametrize("key", ["x", ".x", "core.", "co re.a", "core. a", "core.a "])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ConfigError):
        set_value(TEXT, key, "1")
