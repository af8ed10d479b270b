"""What schemathesis is told beside the OpenAPI document: the rules that no schema can say.

`make fuzz-smoke` and `make fuzz` load this file into it.
"""

import re
from typing import Any
from urllib.parse import urlencode

import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure

Case = schemathesis.Case[Any]
LONGEST_QUERY = 60_000
TOO_LONG = (414, 431)
MOST_PARAMETERS = 200

# Why a request is refused though each of its parameters is as its schema says.
_BEYOND_SCHEMAS = re.compile(
    "|".join(
        (
            # What there is depends on the dataset.
            "nothing in this dataset is named",
            "no load of version .* is recorded",
            # Which columns there are depends on the path and on group_by; descriptions list them.
            "there is no column",
            "names a column twice",
            # Words that are joined by commas are each as the pattern says, and not the same twice.
            "takes one or two different dimensions",
            # Groups are sorted by what they are grouped by.
            "nothing is grouped by",
            # A cursor is of a page before, and goes with the other parameters of that page.
            "cursor: not a cursor of this list",
            "cursor: made for another sort",
            "cursor: what it names is no longer in this list",
            # A schema counts the items of one parameter, not those of all.
            "the query has more than 200 parameters",
            # A pattern knows months and days, but no leap years.
            "is no such day in the calendar",
            # The codes are those of ISO 3166-1, which the document doesn't repeat.
            "is not a country code",
        )
    )
)


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: Case) -> bool:
    """Leave out what the parser of HTTP refuses for its length, before there is a request."""
    return len(urlencode(case.query or {}, doseq=True, errors="replace")) < LONGEST_QUERY


@schemathesis.hook
def map_case(context: schemathesis.HookContext, case: Case) -> Case:
    """Let valid parameters be so together too.

    A cursor goes with the sort of the page that it is of, the default; a list of as many items as it may
    have leaves no room for other parameters.
    """
    valid = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if valid and case.query:
        if "cursor" in case.query:
            case.query.pop("sort", None)
        needed = {one.name for one in case.operation.query if one.is_required}
        lists = {name: value for name, value in case.query.items() if isinstance(value, list)}
        longest = max(lists, key=lambda name: len(lists[name]), default=None)
        if sum(map(len, lists.values())) + len(case.query) - len(lists) > MOST_PARAMETERS:
            for name in set(case.query) - needed - {longest}:
                del case.query[name]
    return case


@schemathesis.hook
def filter_failure(
    context: schemathesis.HookContext,
    failure: Failure,
    case: Case,
    response: schemathesis.Response,
) -> bool:
    """Pass over a refusal of valid data whose reasons are all beyond schemas.

    So is that of an address or a head which is too long, before there is an operation that answers.
    """
    if response.status_code in TOO_LONG:
        return False
    if failure.title != "Schema-valid request rejected" or response.status_code != 422:
        return True
    reasons = [one["message"] for one in response.json()["errors"]]
    return not reasons or not all(_BEYOND_SCHEMAS.search(reason) for reason in reasons)


@schemathesis.check
def unknown_parameters_are_refused(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: Case
) -> None:
    """Nothing is silently ignored: a parameter that the document doesn't have isn't answered."""
    unknown = set(case.query or {}) - {one.name for one in case.operation.query}
    answered = response.status_code < 400
    assert not (unknown and answered), f"takes {', '.join(sorted(unknown))}"
