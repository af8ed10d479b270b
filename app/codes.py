"""The code lists of ISO, as the pycountry package carries them: countries and currencies."""

from functools import cache
from typing import Annotated

import pycountry
from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError


@cache
def _country_codes() -> frozenset[str]:
    return frozenset(country.alpha_2 for country in pycountry.countries)


@cache
def _currency_codes() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _country(text: str) -> str:
    if text in _country_codes():
        return text
    try:
        guess = pycountry.countries.lookup(text).alpha_2
    except LookupError:
        guess = None
    raise PydanticCustomError(
        "country", "not a country code of ISO 3166-1 alpha-2, such as US", {"suggestion": guess}
    )


def _currency(text: str) -> str:
    if text in _currency_codes():
        return text
    try:
        guess = pycountry.currencies.lookup(text).alpha_3
    except LookupError:
        guess = None
    raise PydanticCustomError(
        "currency", "not a currency code of ISO 4217, such as USD", {"suggestion": guess}
    )


Country = Annotated[
    str,
    AfterValidator(_country),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$", "maxLength": 2}),
]
"""An ISO 3166-1 alpha-2 code."""

Currency = Annotated[
    str,
    AfterValidator(_currency),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$", "maxLength": 3}),
]
"""An ISO 4217 code."""
