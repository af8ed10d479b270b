"""airounds: a read-only REST API over AI startup funding rounds that keeps every claim with its source."""
