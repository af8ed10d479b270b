"""Claims made ready to be weighed: each with its bounds, its USD value, its date and its known day.

Nothing here depends on other claims or on the day of asking.
"""

from dataclasses import dataclass
from functools import cached_property

from app.dataset.fx import Rate, rate_to_usd
from app.dataset.records import (
    ClaimRecord,
    InvestorRecord,
    ParticipationRecord,
    RoundRecord,
    SourceRecord,
)
from app.dates import NEVER_DATED, first_day, last_day
from app.figures import Bounds, Number, bounds_of, to_cents, whole
from app.vocabulary import AsOfBasis, KnownBasis, Role

USD = "USD"
_ROLES = tuple(Role)


@dataclass(frozen=True)
class Evidence:
    """One claim with everything that its own row, its round and its source say of it."""

    claim: ClaimRecord
    source: SourceRecord
    round: RoundRecord | None

    @cached_property
    def id(self) -> str:
        """The claim's id."""
        return self.claim.id

    @cached_property
    def value(self) -> Number:
        """The number as stated."""
        return whole(self.claim.value)

    @cached_property
    def value_high(self) -> Number | None:
        """The upper number of a range."""
        return None if self.claim.value_high is None else whole(self.claim.value_high)

    @cached_property
    def bounds(self) -> Bounds:
        """What the claim leaves possible, in its own currency."""
        return bounds_of(self.claim.qualifier, self.value, self.value_high)

    @property
    def number(self) -> tuple[str | None, Number, Number | None]:
        """What two claims must share to state the same number."""
        return self.claim.currency, self.value, self.value_high

    @cached_property
    def date(self) -> str | None:
        """The date that the number stands at: as stated, else the round's, else published."""
        stated = self.claim.as_of or (self.round.date if self.round else None)
        return stated or self.source.published_on

    @cached_property
    def date_basis(self) -> AsOfBasis | None:
        """Where `date` comes from."""
        if self.claim.as_of or (self.round and self.round.date):
            return AsOfBasis.STATED
        return AsOfBasis.PUBLISHED if self.source.published_on else None

    @cached_property
    def fx(self) -> Rate | str | None:
        """The rate to USD, or why there is none; None where none is needed."""
        if self.claim.currency in (None, USD):
            return None
        return rate_to_usd(self.claim.currency, first_day(self.date) if self.date else None)

    @property
    def usd(self) -> Number | None:
        """The number in USD; None for counts and where no rate is known."""
        if self.claim.currency == USD:
            return self.value
        return to_cents(self.value * self.fx.rate) if isinstance(self.fx, Rate) else None

    @property
    def usd_bounds(self) -> Bounds | None:
        """The bounds in USD; None for counts and where no rate is known."""
        if self.claim.currency == USD:
            return self.bounds
        return self.bounds.scaled(self.fx.rate) if isinstance(self.fx, Rate) else None

    @cached_property
    def known(self) -> tuple[str, KnownBasis | None]:
        """The day from which the claim is known, and which date that is."""
        announced = self.round.announced_on if self.round else None
        return known_day(self.source, announced, self.claim.as_of)

    @property
    def known_on(self) -> str:
        """The day from which the claim is known."""
        return self.known[0]


@dataclass(frozen=True)
class Participation:
    """One stated part of an investor in a round, with its source."""

    record: ParticipationRecord
    investor: InvestorRecord
    source: SourceRecord
    round: RoundRecord

    @cached_property
    def known_on(self) -> str:
        """The day from which the part is known."""
        return known_day(self.source, self.round.announced_on)[0]

    @property
    def seniority(self) -> tuple[str, int, str, str]:
        """A key that sorts the parts in a round by role, and then by investor and source."""
        return self.round.id, _ROLES.index(self.record.role), self.investor.id, self.source.id


def known_day(
    source: SourceRecord, announced_on: str | None = None, as_of: str | None = None
) -> tuple[str, KnownBasis | None]:
    """Return the day from which what `source` states is known, and which date that is.

    Its date of publication, failing that the round's announcement or the metric's date, failing
    that the day it was retrieved; of a partial date, the last day. Without any of them it is known
    in the latest state alone, which NEVER_DATED stands for.
    """
    dates = (
        (source.published_on, KnownBasis.PUBLISHED),
        (announced_on, KnownBasis.ANNOUNCED),
        (as_of, KnownBasis.AS_OF),
        (source.retrieved_on, KnownBasis.RETRIEVED),
    )
    dated = ((last_day(text), basis) for text, basis in dates if text)
    return next(dated, (NEVER_DATED, None))
