"""The synonyms that users add to the vocabularies."""

from __future__ import annotations

import re
from pathlib import Path

from leadscore.check.conditions import Context
from leadscore.check.fields import VOCABULARIES
from leadscore.check.findings import did_you_mean, known_are, nearest, normalise, quote
from leadscore.check.reader import read_reference
from leadscore.check.tables import Row

SYNONYMS = "synonyms.csv"
# Where the values of a vocabulary are: in which file of the reference folder, and in which column.
_VALUES = {
    "seniority": ("seniorities.csv", "seniority"),
    "job_function": ("job_functions.csv", "job_function"),
    "country_code": ("country_names.csv", "country_code"),
    "industry": ("industries.csv", "industry"),
}
_MAIL = re.compile(r"@?[\w-]+(\.[\w-]+)+|[\w.-]+@")


def check_synonyms(context: Context) -> None:
    """Every row of synonyms.csv can be compared with something and means a word of a vocabulary."""
    reference = context.reference
    spoken_of = context.tables[SYNONYMS].names("vocabulary")
    values = {
        vocabulary: _spellings(reference / file, column)
        for vocabulary, (file, column) in _VALUES.items()
        if vocabulary in spoken_of
    }
    values["email_kind"] = {kind: kind for kind in VOCABULARIES["lead.email_kind"]}
    first_rows: dict[tuple[str, str], Row] = {}
    for row in context.tables[SYNONYMS].rows:
        vocabulary, synonym, value = row.texts("vocabulary", "synonym", "value")
        if synonym:
            _check_synonym(context, row)
        if not synonym or not value or row.is_wrong("vocabulary") or not vocabulary:
            continue
        first = first_rows.setdefault((vocabulary, plain_words(synonym)), row)
        if first is not row and first.text("synonym") != synonym and plain_words(synonym):
            _report_twin(context, row, first)
        known = values[vocabulary]
        if known and normalise(value) not in known:
            _report_value(context, row, known, reference)


def plain_words(text: str) -> str:
    """The words of a text as vocabularies compare it: no case, accents or punctuation."""
    spelled = re.sub(r"\b([^\W\d_])\.", r"\1", normalise(text))
    return " ".join(re.findall(r"[^\W_]+", spelled))


def _spellings(path: Path, column: str) -> dict[str, str]:
    """The values in a column of a vocabulary by how they compare; none if there is no such file."""
    found = (row.get(column, "") for row in read_reference(path) or ())
    return {normalise(value): value for value in found if value}


def _check_synonym(context: Context, row: Row) -> None:
    synonym = row.text("synonym")
    if not plain_words(synonym):
        message = f"synonym {quote(synonym)} has no letter or digit, so nothing is like it; drop it"
        context.report.error(row, "synonym", message)
    elif row.text("vocabulary") == "email_kind" and not _MAIL.fullmatch(synonym):
        message = "synonym needs a domain such as acme.com or a mailbox such as ventas@"
        context.report.error(row, "synonym", f"{message}, got {quote(synonym)}")


def _report_twin(context: Context, row: Row, first: Row) -> None:
    synonym, value = row.texts("synonym", "value")
    twin, other = first.texts("synonym", "value")
    message = f"synonym {quote(synonym)} compares equal to {quote(twin)} on line {first.line}"
    if normalise(value) == normalise(other):
        context.report.warning(row, "synonym", f"{message}; drop one")
    else:
        message += f", which means {quote(other)}, not {quote(value)}; drop one"
        context.report.error(row, "synonym", message)


def _report_value(context: Context, row: Row, known: dict[str, str], reference: Path) -> None:
    vocabulary, value = row.texts("vocabulary", "value")
    if vocabulary == "industry":
        near = nearest(value, tuple(sorted(known.values())))
        hint = f"; did you mean {quote(near)}?" if near else "; rules may still ask for it"
        message = f"value {quote(value)} is not one of the shipped industries{hint}"
        context.report.warning(row, "value", message)
        return
    if vocabulary == "country_code":
        code = next(
            (
                country["country_code"]
                for country in read_reference(reference / "country_names.csv") or ()
                if plain_words(country.get("country_name", "")) == plain_words(value)
            ),
            "",
        )
        hint = f"; write {quote(code)}" if code else ", such as ES"
        message = f"value {quote(value)} is no country code of two letters{hint}"
    else:
        words = sorted(known.values())
        hint = did_you_mean(value, words) or known_are(words, limit=len(words))
        message = f"unknown {vocabulary} {quote(value)}{hint}"
    context.report.error(row, "value", message)
