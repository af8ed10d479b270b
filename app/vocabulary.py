"""The closed word lists of airounds: what a cell, a filter and an answer may say.

A word that isn't here is refused everywhere. Numbers and rules that use the words live elsewhere.
"""

from enum import StrEnum


class SourceKind(StrEnum):
    """What sort of document states the figures; filings outrank companies, and these the others."""

    COMPANY = "company"
    FILING = "filing"
    NEWS = "news"
    DATASET = "dataset"
    DOCUMENT = "document"


class CompanyStatus(StrEnum):
    """Whether a company is still private."""

    PRIVATE = "private"
    PUBLIC = "public"
    ACQUIRED = "acquired"
    CLOSED = "closed"


class Stage(StrEnum):
    """The name that a round goes by; `unknown` where no source names one."""

    PRE_SEED = "pre_seed"
    SEED = "seed"
    SERIES_A = "series_a"
    SERIES_B = "series_b"
    SERIES_C = "series_c"
    SERIES_D = "series_d"
    SERIES_E = "series_e"
    SERIES_F = "series_f"
    SERIES_G = "series_g"
    SERIES_H = "series_h"
    SERIES_I = "series_i"
    SERIES_J = "series_j"
    SERIES_K = "series_k"
    SERIES_L = "series_l"
    SERIES_M = "series_m"
    SERIES_N = "series_n"
    SERIES_O = "series_o"
    SERIES_P = "series_p"
    SERIES_Q = "series_q"
    SERIES_R = "series_r"
    SERIES_S = "series_s"
    SERIES_T = "series_t"
    SERIES_U = "series_u"
    SERIES_V = "series_v"
    SERIES_W = "series_w"
    SERIES_X = "series_x"
    SERIES_Y = "series_y"
    SERIES_Z = "series_z"
    GROWTH = "growth"
    STRATEGIC = "strategic"
    SECONDARY = "secondary"
    DEBT = "debt"
    GRANT = "grant"
    UNKNOWN = "unknown"


class RoundStatus(StrEnum):
    """How far a round has come; only announced and closed ones count toward capital raised."""

    REPORTED = "reported"
    ANNOUNCED = "announced"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Instrument(StrEnum):
    """What was sold; each has a total of its own, and only equity is primary equity raised."""

    EQUITY = "equity"
    DEBT = "debt"
    MIXED = "mixed"
    SECONDARY = "secondary"
    GRANT = "grant"


class InvestorKind(StrEnum):
    """What sort of investor it is, by our own classification."""

    VC = "vc"
    CORPORATE = "corporate"
    SOVEREIGN = "sovereign"
    PRIVATE_EQUITY = "private_equity"
    HEDGE_FUND = "hedge_fund"
    BANK = "bank"
    ACCELERATOR = "accelerator"
    GOVERNMENT = "government"
    INDIVIDUAL = "individual"
    OTHER = "other"


class Role(StrEnum):
    """An investor's part in a round, the most senior first."""

    LEAD = "lead"
    CO_LEAD = "co_lead"
    PARTICIPANT = "participant"


class ClaimMetric(StrEnum):
    """The quantity that a claim states. Kinds are never merged: ARR isn't a run rate or revenue."""

    AMOUNT_RAISED = "amount_raised"
    VALUATION = "valuation"
    ARR = "arr"
    REVENUE_RUN_RATE = "revenue_run_rate"
    REVENUE = "revenue"
    EMPLOYEES = "employees"
    USERS = "users"
    TOTAL_RAISED = "total_raised"


class MetricKind(StrEnum):
    """The kind of a point in a company's series: observed (claimed) or derived (computed)."""

    VALUATION = "valuation"
    ARR = "arr"
    REVENUE_RUN_RATE = "revenue_run_rate"
    REVENUE = "revenue"
    EMPLOYEES = "employees"
    USERS = "users"
    TOTAL_RAISED = "total_raised"
    ARR_MULTIPLE = "arr_multiple"
    RUN_RATE_MULTIPLE = "run_rate_multiple"
    REVENUE_MULTIPLE = "revenue_multiple"
    STEP_UP = "step_up"
    DILUTION = "dilution"
    CAPITAL_EFFICIENCY = "capital_efficiency"
    ARR_GROWTH = "arr_growth"


class Qualifier(StrEnum):
    """How a source hedges its number; `range` alone has a second number."""

    EXACT = "exact"
    APPROX = "approx"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"


class DerivedQualifier(StrEnum):
    """What the bounds of a value leave open; `unbounded` when no side is left."""

    EXACT = "exact"
    APPROX = "approx"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"
    UNBOUNDED = "unbounded"


class Basis(StrEnum):
    """What a valuation counts. The last three are prices of a company, never of a round."""

    PRE_MONEY = "pre_money"
    POST_MONEY = "post_money"
    UNSPECIFIED = "unspecified"
    ACQUISITION = "acquisition"
    MARKET_CAP = "market_cap"
    TENDER = "tender"


class ClaimStatus(StrEnum):
    """How a source puts its claim forward; forecasts and disputed claims are never chosen."""

    STATED = "stated"
    ESTIMATE = "estimate"
    TALKS = "talks"
    FORECAST = "forecast"
    DISPUTED = "disputed"


class AsOfBasis(StrEnum):
    """Where the date of an observation comes from."""

    STATED = "stated"
    PUBLISHED = "published"


class KnownBasis(StrEnum):
    """Which date tells when a claim became known."""

    PUBLISHED = "published"
    ANNOUNCED = "announced"
    AS_OF = "as_of"
    RETRIEVED = "retrieved"


class SearchKind(StrEnum):
    """What a search finds, the likeliest to be meant first."""

    COMPANY = "company"
    INVESTOR = "investor"
    ROUND = "round"


class SearchMatch(StrEnum):
    """Why a search found a name, the best reason first."""

    EXACT = "exact"
    PREFIX = "prefix"
    WORD_PREFIX = "word_prefix"
    FUZZY = "fuzzy"


class Collection(StrEnum):
    """The lists whose items a load may change."""

    COMPANIES = "companies"
    ROUNDS = "rounds"
    INVESTORS = "investors"
    METRICS = "metrics"
    CLAIMS = "claims"
    SOURCES = "sources"


class ChangeKind(StrEnum):
    """What a load did to an item."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


ROUND_METRICS = frozenset({ClaimMetric.AMOUNT_RAISED, ClaimMetric.VALUATION})
COMPANY_METRICS = frozenset(ClaimMetric) - {ClaimMetric.AMOUNT_RAISED}
COUNT_METRICS = frozenset({ClaimMetric.EMPLOYEES, ClaimMetric.USERS})
ROUND_BASES = frozenset({Basis.PRE_MONEY, Basis.POST_MONEY, Basis.UNSPECIFIED})
COUNTED_STATUSES = frozenset({RoundStatus.ANNOUNCED, RoundStatus.CLOSED})
COUNTED_INSTRUMENTS = frozenset({Instrument.EQUITY})
LEADING_ROLES = frozenset({Role.LEAD, Role.CO_LEAD})
