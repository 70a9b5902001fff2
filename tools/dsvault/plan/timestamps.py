"""Planning times: YYYY-MM-DDTHH:MM:SSZ, which must be a moment that has existed or can exist."""

from __future__ import annotations

from datetime import date

# Days in UTC that ended in 23:59:60 (IERS Bulletin C). There is none after 2016 so far.
LEAP_SECOND_DAYS = frozenset(
    {f"{year}-06-30" for year in (1972, 1981, 1982, 1983, 1985, 1992, 1993, 1994, 1997, 2012, 2015)}
    | {f"{year}-12-31" for year in (*range(1972, 1980), 1987, 1989, 1990, 1995, 1998)}
    | {f"{year}-12-31" for year in (2005, 2008, 2016)}
)


def problem_of(text: str) -> str | None:
    """Return why a time of the right form is none, or None if it is one."""
    if not text.isascii():
        return "digits must be 0 to 9"
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:10])
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    if not 1 <= month <= 12:
        return f"there is no month {month:02}"
    # The calendar repeats every 400 years, which gives year 0000 its length of February.
    try:
        date(year or 400, month, day)
    except ValueError:
        return f"there is no day {day:02} in {text[:7]}"
    if hour > 23 or minute > 59:
        return f"there is no time {text[11:16]}"
    is_leap_second = text[11:19] == "23:59:60" and text[:10] in LEAP_SECOND_DAYS
    if second > 59 and not is_leap_second:
        return f"there is no second {second} at {text[:16]}Z"
    return None
