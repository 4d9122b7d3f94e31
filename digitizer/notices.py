"""The one table of warnings: each code with its plain sentence.

A template may hold named fields (``{count}``), which :func:`make_notice` fills. The documentation
of the warnings is made from this table.
"""

from __future__ import annotations

from types import MappingProxyType

from digitizer.model import Frame, Notice

NOTICES = MappingProxyType(
    {
        "no-panels": "No chart was found in this picture.",
    }
)


def make_notice(code: str, *, box: Frame | None = None, **facts: object) -> Notice:
    """Make the warning of this code, its template filled with ``facts``.

    Parameters
    ----------
    code : str
        A key of :data:`NOTICES`.
    box : Frame, optional
        Where in the source picture the doubt lies.
    **facts : object
        The template's fields; each must be given.

    Raises
    ------
    KeyError
        Where the code is not in the table, or a field of its template is missing.
    """
    return Notice(code=code, message=NOTICES[code].format_map(facts), box=box)
