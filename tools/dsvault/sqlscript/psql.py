"""What psql's lexer tells apart, for whoever reads a script without running it."""

from __future__ import annotations

import re

from dsvault.sqlscript.lexing import end_of_comment

__all__ = ["TOKEN", "end_of_comment"]

# One alternative per thing that psql's lexer tells apart. Block comments nest: cut by hand.
TOKEN = re.compile(
    r"""
      (?P<comment>   --[^\n]* )
    | (?P<block>     /\* )
    | (?P<quoted>    [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
                   | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$ )
    | (?P<word>      [^\W\d][\w$]* )
    | (?P<cast>      ::|:= )
    | (?P<variable>  :(?:[^\W\d]\w* | '\w+' | "\w+" | \{\?\w+\}) )
    | (?P<command>   \\[^\n]* )
    | (?P<end>       ; )
    """,
    re.VERBOSE | re.DOTALL,
)
