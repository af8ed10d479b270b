"""What every reader of the API is told, person or model: how to read the numbers, and what to ask by."""

from collections.abc import Mapping
from typing import Any

READING = """\
- Ids are slugs such as moonshot-ai; search finds them by any name.
- A figure is one claim, chosen among all that were made of the quantity, never an average. `claims` counts
  them all, `rivals` those that can't be true together with it.
- `qualifier` says how the source hedges: "more than $200M" is at_least. Bounds are low and high; a bound of
  null is unknown, not zero and not infinite. `nominal` of a multiple or ratio is the formula on the stated
  numbers: never quote it without its qualifier. `unbounded` says that neither side is known.
- `basis` of a valuation is pre_money, post_money or unspecified; say which. Where `comparable` is false, the
  inputs of a multiple lie more than 365 days apart.
- `undisclosed` counts rounds without a number: unknown, not zero. The dataset is a selection: what isn't in
  it may well have happened.
- Name the source beside a figure that you pass on; `known_on` answers with what was known on a day.
"""


def asked_by(operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the parameters that say what an operation of the OpenAPI document is asked.

    The header that all of them take is a reference, and says nothing of that.
    """
    return [one for one in operation.get("parameters", []) if "$ref" not in one]
