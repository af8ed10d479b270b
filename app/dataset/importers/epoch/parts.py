"""What was sold in a row of the funding rounds: equity, debt or both, and at which stage."""

import re
from decimal import Decimal
from typing import NamedTuple

from app.dataset.foreign import Row
from app.dataset.importers.epoch.draft import ID
from app.likeness import searchable
from app.vocabulary import Instrument, Stage

TYPE, EQUITY, DEBT = "Type", "Funding (equity)", "Funding (debt)"

_PLAIN_TYPES = {"primary", "equity", "secondary", "tender", "tender offer", "debt", "loan", "grant"}
_SECONDARY = {"secondary", "tender", "tender offer"}
_STAGE = re.compile(r"\bseries[ -]([a-z])\b|\b(pre[ -]?seed|seed)\b")
_OTHER_STAGES = {"growth": Stage.GROWTH, "strategic": Stage.STRATEGIC}


class Part(NamedTuple):
    """A round, and the column that its amount stands in."""

    instrument: Instrument
    stage: Stage
    column: str
    amount: Decimal | None


def parts_of(row: Row) -> list[Part]:
    """Return the rounds that a row tells of, at least one."""
    words = {searchable(word) for word in re.split(r"[,;/|]", row[TYPE]) if word.strip()}
    stage = _stage(row, words)
    equity, debt = row.number(EQUITY), row.number(DEBT)
    owed = "debt" in words or "loan" in words
    parts = []
    # A cell that can't be read still tells that there is a part of its kind.
    if row[EQUITY] and equity != 0:
        parts.append(Part(*_sold(words, stage), EQUITY, equity))
    if row[DEBT] and debt != 0:
        parts.append(Part(Instrument.DEBT, Stage.DEBT, DEBT, debt))
    elif owed and parts:
        row.note(TYPE, "names debt without an amount: no round of debt is made")
    if not parts:
        if equity == 0:
            row.note(EQUITY, "isn't the size of a round: its amount is left open")
        only_debt = owed and not words & {"primary", "equity", *_SECONDARY}
        kind = (Instrument.DEBT, Stage.DEBT) if only_debt else _sold(words, stage)
        parts.append(Part(*kind, EQUITY, None))
    return parts


def _sold(words: set[str], stage: Stage) -> tuple[Instrument, Stage]:
    """Return instrument and stage of what isn't debt.

    The column counts the company's new money: of a primary and secondary sale, the primary part.
    """
    named = stage is not Stage.UNKNOWN
    if words & _SECONDARY and "primary" not in words:
        return Instrument.SECONDARY, stage if named else Stage.SECONDARY
    if words == {"grant"}:
        return Instrument.GRANT, stage if named else Stage.GRANT
    return Instrument.EQUITY, stage


def _stage(row: Row, words: set[str]) -> Stage:
    """Return the stage that the type names, else the one that the row's label does."""
    unknown = sorted(
        word
        for word in words
        if word not in _PLAIN_TYPES | {*_OTHER_STAGES} and not _stages_in(word)
    )
    if unknown:
        row.note(TYPE, f"has unknown words ({', '.join(unknown)}): taken by its columns")
    named = {_OTHER_STAGES[word] for word in words & {*_OTHER_STAGES}}
    named |= {stage for word in words for stage in _stages_in(word)}
    named = named or _stages_in(searchable(row[ID]))
    if len(named) > 1:
        row.note(TYPE, "names several stages: taken as unknown")
    return named.pop() if len(named) == 1 else Stage.UNKNOWN


def _stages_in(text: str) -> set[Stage]:
    return {
        Stage(f"series_{match[1]}")
        if match[1]
        else Stage("pre_seed" if "pre" in match[2] else "seed")
        for match in _STAGE.finditer(text)
    }
