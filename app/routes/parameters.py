"""The path parameters that the routes of the API share."""

from typing import Annotated

from fastapi import Path

from app.delivery.tabular import TableFormat
from app.query.parameters import Id

CompanyId = Annotated[Id, Path(description="The company's id.", examples=["moonshot-ai"])]
RoundId = Annotated[
    Id, Path(description="The round's id.", examples=["moonshot-ai-2026-05-series-d"])
]
InvestorId = Annotated[Id, Path(description="The investor's id.", examples=["accel"])]
SourceId = Annotated[Id, Path(description="The source's id.", examples=["seed-document"])]

FileFormat = Annotated[TableFormat, Path(description="The format of the file.", examples=["csv"])]
