"""The linter of rule files: a folder without faults, and one test for every fault."""

# ruff: noqa: D103 - the names of the tests are sentences already

from __future__ import annotations

import csv
import io
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from leadscore.check import RULE_FILES, Finding, check_rules
from leadscore.check.fields import read_column
from leadscore.check.findings import quote
from leadscore.check.reader import read_records
from leadscore.check.values import Misfit, regex
from leadscore.cli import app

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "seeds" / "reference"

Cells = dict[str, str]
Folder = dict[str, list[Cells]]
Edit = Callable[[Folder], None]


def table(text: str) -> list[Cells]:
    """Rows of a table drawn with bars, its first line naming the columns."""
    header, *rows = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    return [dict(zip(header, row, strict=True)) for row in rows]


def filler(scorecard_id: str) -> list[Cells]:
    """Five rules that add and five that subtract, so that a scorecard is complete."""
    common = {"scorecard_id": scorecard_id, "field": "company.industry", "operator": "equals"}
    return [
        {
            **common,
            "rule_id": f"{scorecard_id}_{number}",
            "value": f"industry {number}",
            "effect": "points",
            "points": str(number),
            "label": "Filler",
        }
        for number in range(-5, 6)
        if number
    ]


VALID: Folder = {
    "scorecards.csv": table("""
scorecard_id|subject|audience|half_life_days|lookback_days|floor|ceiling|include_customers
b2b         |lead   |b2b     |45            |365          |0    |100    |FALSE
account     |company|        |0             |365          |0    |100    |true
"""),
    "explicit_rules.csv": table("""
rule_id |scorecard_id|rule_group|field|operator|value|effect|points|valid_from|valid_to|label
industry|b2b    |company|company.industry            |in_list|targets|points|10||2026-01-01|Target
industry|b2b    |company|company.industry            |in_list|targets|points|12|2026-01-01||Target
ceo     |b2b    |persona|lead.seniority              |equals|C_Level |points|10|||CEO
ceo     |b2b    |persona|lead.created_at             |within_days|365|points|10|||CEO
size    |b2b    |company|company.employee_count      |between|50..200|points|-2.5|||Size
rival   |b2b    |       |attribute.competitor        |is_known|      |veto  |0|||Competitor
sellers |account|       |company.contact_count.sales |gte|3          |points|5|||Sales team
"""),
    "implicit_rules.csv": table("""
rule_id |scorecard_id|rule_group|event_type|field|operator|value|points|award|label|max_points
pricing |b2b    |website|page_view   |event.page|starts_with|/pricing|5 |each|Pricing  |20
silence |b2b    |email  |email_open  |          |           |        |-5|once|Silent   |-20
anything|account|       |*           |          |           |        |0 |once|Any event|
fax     |b2b    |       |fax_received|          |           |        |1 |each|Fax      |
"""),
    "score_limits.csv": table("""
scorecard_id|axis      |rule_group|min_points|max_points
b2b         |fit       |persona   |          |20
b2b         |engagement|          |-50       |50
"""),
    "composites.csv": [],
    "value_lists.csv": table("""
value_list|value
targets   |Software
targets   |Retail
"""),
    "content_map.csv": table("""
page_prefix|page_group|content_stage
/          |home      |
/blog      |blog      |tofu
"""),
    "bands.csv": table("""
scorecard_id|measure   |band|lower|upper|exit_below|next_step|temperature
b2b         |score     |cold|0    |25   |          |none     |cold
b2b         |score     |warm|26   |50   |22        |nurture  |Warm
b2b         |score     |hot |51   |100  |45        |sales    |hot
b2b         |fit       |B   |-40  |9    |          |         |
b2b         |fit       |A   |10   |45   |          |         |
b2b         |engagement|2   |-40  |9    |          |         |
b2b         |engagement|1   |10   |45   |          |         |
account     |score     |low |0    |10   |          |         |
account     |score     |high|11   |100  |          |         |
"""),
    "grades.csv": table("""
scorecard_id|fit_band|engagement_band|grade|next_step
b2b         |A       |1              |A1   |sales
b2b         |A       |2              |A2   |
b2b         |B       |1              |B1   |
b2b         |B       |2              |B2   |
"""),
    "lists.csv": table("""
list_id|exclusive_set|priority|field             |operator|value|workflow
warm   |stage        |10      |score.b2b         |gte     |26   |nurture
hot    |stage        |20      |band.b2b          |equals  |hot  |sales
again  |             |        |rule_count.pricing|gte     |2    |offer
again  |             |        |lead.country_code |equals  |ES   |offer
"""),
    "overrides.csv": table("""
lead_id|scorecard_id|score|reason       |author|valid_from|valid_to
L1     |b2b         |90   |Met at a fair|Ana   |2026-01-01|2026-02-01
"""),
    "service_levels.csv": table("""
temperature|response_hours
hot        |24
warm       |48
"""),
    "synonyms.csv": table("""
vocabulary  |synonym     |value
seniority   |jefe de obra|manager
country_code|Hellas      |GR
job_function|palancas    |Sales
industry    |Ladrillos   |construction
email_kind  |acme.com    |business
email_kind  |ventas@     |Role
"""),
}
VALID["implicit_rules.csv"][0]["max_per_day"] = "1"
VALID["implicit_rules.csv"][1].update(count_operator="exactly", event_count="0", window_days="30")
VALID["explicit_rules.csv"] += filler("b2b") + filler("account")

EXPLICIT, IMPLICIT = "explicit_rules.csv", "implicit_rules.csv"


def change(file: str, line: int, **cells: str) -> Edit:
    """Put other values into the row that stands on a line."""
    return lambda folder: folder[file][line - 2].update(cells)


def add(file: str, like: int = 2, **cells: str) -> Edit:
    """Append a row like that on a line, with other values."""
    return lambda folder: folder[file].append(folder[file][like - 2] | cells)


def drop(file: str, line: int) -> Edit:
    """Take away the row on a line."""
    return lambda folder: folder[file].__delitem__(line - 2)


class Case(NamedTuple):
    """An edit of the valid files, and what the linter has to say of it."""

    edit: Edit
    file: str
    line: int
    words: list[str]


def cases_of(text: str) -> dict[str, Case]:
    """Cases written as ``file line | column=value & ... | [file line |] words & ...``.

    ``file +2`` adds a row like that on line 2, ``file -2`` drops the row on line 2.
    """
    cases = {}
    for line in text.strip().splitlines():
        if not line or line.startswith("#"):
            continue
        place, changes, *expected = f"{line} ".split(" | ")
        file, number = file_of(place.split()[0]), place.split()[1]
        cells = dict(cell.split("=", 1) for cell in changes.rstrip().split(" & ") if cell)
        makers: dict[str, Callable[..., Edit]] = {"+": add, "-": drop}
        edit = makers.get(number[0], change)(file, int(number.strip("+-")), **cells)
        words = [word.strip() for word in expected.pop().split(" & ")] if expected else []
        found = expected[0].split() if expected else place.split()
        cases[line] = Case(edit, file_of(found[0]), int(found[1]), words)
    return cases


def file_of(name: str) -> str:
    """The file that a short name stands for."""
    return next(file for file in RULE_FILES if file.startswith(name))


def as_csv(file: str, rows: list[Cells]) -> str:
    """The text of a rule file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, RULE_FILES[file], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """The registry and vocabularies of the project, and a few event types and countries."""
    folder = tmp_path / "reference"
    folder.mkdir()
    for name in ("fields", "job_functions", "seniorities", "industries", "employee_bands"):
        shutil.copy(REFERENCE / f"{name}.csv", folder)
    countries = "country_code,language,country_name\nGR,es,Grecia\nGB,,U.K.\nCY,en,Cyprus\n"
    (folder / "country_names.csv").write_text(countries)
    types = """event_type,event_category,rank_in_category
page_view,website,1
email_open,email,1
email_click,email,2
email_ignored,email,
webinar,webinar,
"""
    (folder / "event_types.csv").write_text(types)
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder of rule files without faults."""
    folder = tmp_path / "rules"
    folder.mkdir()
    write(folder)
    return folder


def write(folder: Path, *edits: Edit) -> None:
    """Write the valid files with some edits."""
    files = deepcopy(VALID)
    for edit in edits:
        edit(files)
    for file, rows in files.items():
        (folder / file).write_text(as_csv(file, rows), encoding="utf-8")


def errors_of(findings: list[Finding]) -> list[Finding]:
    """The errors among the findings."""
    return [finding for finding in findings if finding.severity == "error"]


def assert_one(findings: list[Finding], file: str, line: int, *words: str) -> None:
    """Assert that there is exactly one finding, at that place, with those words."""
    assert [(finding.file, finding.line) for finding in findings] == [(file, line)], findings
    for word in words:
        assert word in findings[0].message


def test_a_valid_folder_has_no_findings(rules: Path, reference: Path) -> None:
    assert check_rules(rules, reference) == []


def test_the_headers_of_all_files_are_declared_once() -> None:
    assert set(RULE_FILES) == set(VALID)
    assert RULE_FILES["value_lists.csv"] == ("value_list", "value")


def test_a_finding_reads_as_file_line_column_message(rules: Path, reference: Path) -> None:
    write(rules, change(EXPLICIT, 6, value="50-"))
    (finding,) = check_rules(rules, reference)
    expected = "explicit_rules.csv:6:49: operator 'between' needs low..high, got '50-'"
    assert str(finding).startswith(expected)
    row = (rules / EXPLICIT).read_text().splitlines()[5]
    assert row[finding.column - 1 :].startswith("50-,")


ERRORS = cases_of(r"""
score_limits 2  | rule_group=personas          | unknown group 'personas' & did you mean 'persona'?
score_limits 2  | rule_group=website           | unknown group 'website' & axis engagement
score_limits 2  | scorecard_id=account         | unknown group 'persona' & 'account'
# required cells
scorecards 2    | subject=                     | subject is blank
explicit 6      | rule_id=                     | rule_id is blank
implicit 2      | points=                      | points is blank
explicit 6      | points=                      | points is blank
value_lists +2  | value=                       | value_lists 4 | value is blank

# enumerations
scorecards 2    | subject=leads                | lead or company & 'leads' & did you mean 'lead'?
scorecards 2    | audience=b2x                 | b2b or b2c
scorecards 2    | include_customers=yes        | true or false & 'yes'
explicit 6      | effect=point                 | points, veto or fast_track & did you mean 'points'?
implicit 2      | award=every                  | each or once & 'every'
implicit 3      | count_operator=at least      | did you mean 'at_least'?
score_limits 2  | axis=fitness                 | fit or engagement
bands 5         | measure=fitt                 | score, fit or engagement
bands 2         | next_step=call               | none, nurture or sales
grades 2        | next_step=call               | none, nurture or sales
content_map 3   | content_stage=top            | tofu, mofu or bofu
service_levels 2 | response_hours=             | response_hours is blank
service_levels 2 | response_hours=0            | whole number above 0
service_levels 2 | response_hours=a day        | response_hours & 'a day'
service_levels +2 |                            | service_levels 4 | same temperature 'hot' & line 2
service_levels 3 | temperature=HOT             | 'HOT' is the temperature of line 2

# numbers and dates
explicit 6      | points=ten                   | points needs a number & 'ten'
explicit 6      | points=nan                   | a number & 'nan'
explicit 6      | points=1e30                  | not beyond
scorecards 2    | half_life_days=-1            | half_life_days & 0 or more
scorecards 2    | lookback_days=0              | lookback_days & above 0
implicit 2      | max_per_day=-1               | max_per_day & whole number above 0
implicit 2      | window_days=1.5              | window_days & whole number above 0
implicit 3      | event_count=-1               | event_count & 0 or more
implicit 2      | half_life_days=week          | half_life_days & 'week'
overrides 2     | valid_from=01/02/2026        | got '01/02/2026' & '2026-02-01' or '2026-01-02'
explicit 3      | valid_from=2026-02-30        | date of the calendar
overrides 2     | valid_to=2025-12-01          | valid_from 2026-01-01 must be before valid_to
scorecards 2    | floor= & ceiling=-1          | floor 0 must be below ceiling -1
scorecards 2    | floor=100                    | floor 100 must be below ceiling 100
score_limits 2  | min_points=21                | min_points 21 may not be above max_points 20
lists 2         | priority=high                | priority & whole number & 'high'

# keys, rules and versions
scorecards +2   |                              | scorecards 4 | same scorecard_id 'b2b' as on line 2
explicit +6     |                              | explicit 29 | same rule_id 'size' & line 6
value_lists +2  |                              | value_lists 4 | value 'Software' & line 2
score_limits +3 |                              | score_limits 4 | same & axis 'engagement'
content_map +3  |                              | content_map 4 | same page_prefix '/blog'
content_map +3  | page_prefix=https://x.com/Blog/ | content_map 4 | same page_prefix '/blog'
grades +2       |                              | grades 6 | fit_band 'A'
overrides +2    |                              | overrides 3 | same lead_id 'L1'
lists +2        |                              | lists 6 | same list_id 'warm'
explicit 3      | valid_from=2025-12-01        | rule 'industry' & line 2 & valid_to 2025-12-01
implicit +3     | valid_from=2026-01-01        | implicit 6 | rule 'silence' & line 3
overrides +2    | valid_from=2026-01-15 & valid_to= | overrides 3 | lead 'L1' & valid_to 2026-01-15
explicit 5      | points=11                    | points of 'ceo' is '11' here but '10' on line 4
lists 5         | workflow=other               | workflow of 'again' & line 4
explicit 5      | scorecard_id=account & field=company.industry & operator=is_known & value= | 'b2b'
implicit 5      | rule_id=size                 | rule 'size' & explicit_rules.csv:6 & rename
explicit 5      | rule_id=CEO                  | 'CEO' differs from 'ceo' on line 4 in its case only
implicit +3     | rule_id=Silence              | implicit 6 | differs from 'silence' on line 3

# names that must exist
explicit 6      | scorecard_id=b2bb            | unknown scorecard 'b2bb' & did you mean 'b2b'?
implicit 5      | scorecard_id=zzz             | unknown scorecard 'zzz' & known are
bands +2        | scorecard_id=b2c             | bands 11 | unknown scorecard 'b2c'
score_limits 2  | scorecard_id=b2c             | unknown scorecard 'b2c'
grades +2       | scorecard_id=b2c             | grades 6 | unknown scorecard 'b2c'
overrides 2     | scorecard_id=b2c             | unknown scorecard 'b2c'
grades 5        | fit_band=BB                  | unknown fit band 'BB' & did you mean 'B'?
grades 5        | engagement_band=9            | unknown engagement band '9'

# fields
explicit 6      | field=company.employees_count | unknown field & mean 'company.employee_count'?
explicit 4      | field=seniority              | did you mean 'lead.seniority'?
implicit 2      | field=event.pages            | did you mean 'event.page'?
explicit 7      | field=attribute.             | unknown field 'attribute.'
explicit 7      | field=event.page             | 'event.page' is of events & implicit_rules.csv
lists 5         | field=event.page & value=/x  | is of events & rule_count
implicit 2      | field=lead.city              | 'lead.city' is not of events & explicit_rules.csv
implicit 2      | field=attribute.x            | is not of events
explicit 8      | field=lead.experience_years  | is of leads & scores companies
explicit 8      | field=answer.budget          | is of leads & scores companies
explicit 6      | field=score.b2b              | 'score.b2b' & lists.csv only
implicit 2      | field=rule_count.pricing     | lists.csv only
lists 2         | field=score.b2x              | unknown scorecard & did you mean 'b2b'?
lists 4         | field=rule_count.pricings    | unknown rule & did you mean 'pricing'?
lists 4         | field=rule_count.size        | an explicit rule
explicit 8      | field=company.contact_count.sale | mean 'company.contact_count.sales'?
explicit 8      | field=company.contact_count.zzz | job functions are marketing, sales

# conditions
explicit 6      | field= & operator= & value=  | explicit rule has no condition
lists 3         | field= & operator= & value=  | list has no condition
explicit 6      | operator=                    | without operator
implicit 2      | field=                       | operator 'starts_with' without field
implicit 5      | value=/x                     | value '/x' without field and operator
implicit +2     | field= & operator= & value=  | implicit 6 | no condition but the rule has others
explicit 6      | operator=betwen              | unknown operator 'betwen' & did you mean 'between'?
explicit 6      | operator=>=                  | unknown operator '>=' & known are
explicit 6      | operator=contains            | 'contains' does not fit the number field & between
explicit 5      | operator=matches             | does not fit the date field
explicit 7      | field=lead.is_customer & operator=matches & value=t | not fit the boolean field
explicit 4      | operator=gt                  | 'gt' does not fit the text field
explicit 6      | field=lead.is_customer       | does not fit the boolean field
explicit 6      | operator=older_than_days & value=5 | does not fit the number field
lists 4         | operator=within_days         | does not fit the number field rule_count.pricing
explicit 7      | value=yes                    | 'is_known' takes no value & 'yes'
explicit 4      | value=                       | 'equals' needs a value
explicit 8      | value=many                   | 'gte' needs a number, got 'many'
explicit 8      | value=1,000                  | write '1.000' or '1000'
explicit 6      | operator=equals & value=50+  | 'equals' needs a number
explicit 7      | field=lead.is_customer & operator=equals & value=1 | true or false
explicit 5      | operator=gt & value=1.1.26   | ISO date & four digits
explicit 6      | value=1..2..3                | low..high & 10..50
explicit 6      | value=a..b                   | low..high, each a number
explicit 6      | value=200..50                | lower one first & write 50..200
explicit 6      | field=answer.x & value=1..2026-01-01 | both numbers or both dates
explicit 5      | operator=between & value=2026-01-01 | 2026-01-01..2026-01-31
explicit 5      | value=-1                     | 'within_days' needs a whole number of 0 or more
explicit 5      | value=1.5                    | whole number
explicit 2      | value=target                 | value list 'target' & did you mean 'targets'?

# regular expressions
explicit 4      | operator=matches & value=(c_level | regular expression & '(c_level' & not closed
explicit 4      | operator=matches & value=c)  | was not opened
explicit 4      | operator=matches & value=[c  | '[' is not closed
explicit 4      | operator=Matches & value=c\  | a lone '\'
explicit 4      | operator=matches & value=*c  | nothing to repeat before '*'
explicit 4      | operator=matches & value=c++ | possessive & '++'
explicit 4      | operator=matches & value=(?!vp)c | look-ahead & RE2 lacks & '(?!'
explicit 4      | operator=matches & value=(?a)x | RE2 lacks & '(?a'
explicit 4      | operator=matches & value=(a)\1 | back-references & '\1'
explicit 4      | operator=matches & value=\p{Foo} | no such class & '\p{Foo}'
explicit 4      | operator=matches & value=[[:foo:]] | no such class & '[:foo:]'
explicit 4      | operator=matches & value=(a{100}){100} | 1000 times in all, not '{100}'
explicit 4      | operator=matches & value=(?P<n | named as in (?P<name>...)

# protected fields
explicit 6      | field=Lead.Age               | 'lead.age' is protected
explicit 6      | field=lead.age               | 'lead.age' is protected & allow_protected_fields
lists 5         | field=lead.gender & value=f  | 'lead.gender' is protected

# bands
bands 2         | band=Disqualified            | reserved
bands 3         | lower=28                     | no band for 26 to 27 & 'cold' (line 2) ends at 25
bands 6         | lower=11                     | no band for 10
bands 3         | lower=25                     | bands overlap & begin this one at 26
bands 7         | upper=10                     | bands 8 | bands overlap
bands 4         | upper=50                     | lower 51 may not be above upper 50
bands 3         | lower=25.5                   | lower needs a whole number
scorecards 3    | floor=-10                    | bands 9 | no band for -10 to -1 & floor is -10
scorecards 3    | ceiling=101                  | bands 10 | no band for 101 & ceiling is 101
bands 3         | exit_below=27                | exit_below 27 may not be above lower 26
scorecards +2   | scorecard_id=b2c             | scorecards 4 | 'b2c' has no bands for its score

# lists and overrides
lists 2         | priority=                    | priority is blank & 'stage'
overrides 2     | score=9.5                    | score needs a whole number

# synonyms
synonyms 2      | vocabulary=seniorities       | seniority, job_function & did you mean 'seniority'?
synonyms 2      | value=manger                 | seniority 'manger' & did you mean 'manager'?
synonyms 4      | value=vending                | unknown job_function 'vending'
synonyms 4      | value=xxxxxxxx               | known are administration & sales
synonyms 3      | value=Grecia                 | 'Grecia' is no country code & write 'GR'
synonyms 3      | value=UK                     | no country code of two letters & write 'GB'
synonyms 3      | value=ZZ                     | no country code of two letters, such as ES
synonyms 6      | value=bussiness              | email_kind 'bussiness' & did you mean 'business'?
synonyms 2      | synonym=¿?                   | synonym '¿?' has no letter or digit
synonyms 2      | synonym=                     | synonym is blank
synonyms 7      | synonym=ventas               | a domain such as acme.com & ventas@ & got 'ventas'
synonyms 6      | synonym=ana@acme.com         | a domain such as acme.com & 'ana@acme.com'
synonyms 6      | synonym=https://acme.com     | a domain such as acme.com
synonyms +2     |                              | synonyms 8 | same & synonym 'jefe de obra' & line 2
synonyms +2     | synonym=Jefe de Óbra. & value=head | synonyms 8 | line 2 & 'manager', not 'head'
synonyms +3     | synonym=hellas! & value=CY   | synonyms 8 | equal to 'Hellas' on line 3 & 'CY'
""")


@pytest.mark.parametrize("case", ERRORS.values(), ids=ERRORS)
def test_each_error_is_found_once_where_it_is(case: Case, rules: Path, reference: Path) -> None:
    write(rules, case.edit)
    assert_one(errors_of(check_rules(rules, reference)), case.file, case.line, *case.words)


WARNINGS = cases_of(r"""
explicit 4      | value=c-levels               | can never be & did you mean 'c_level'?
explicit 4      | operator=starts_with & value=chief | intern, junior, c_level
explicit 4      | field=lead.email_kind & value=free | business, personal
lists 5         | value=Spain                  | code of two letters
lists 5         | value=UK                     | write GB
implicit 2      | field=event.content_stage & value=top | tofu
implicit 2      | operator=equals & value=/pricing/ | path such as /pricing
lists 3         | value=hott                   | did you mean 'hot'?
value_lists +2  | value= SOFTWARE              | value_lists 4 | equal to 'Software' on line 2
implicit 2      | event_type=page_views        | did you mean 'page_view'?

# conditions that no value meets
explicit 6      | field=lead.completeness      | can never be & completeness is 0 to 1 & never fires
explicit 6      | operator=lt & value=0        | can never be & 0 or more
explicit 7      | field=lead.is_customer & operator=equals & value=TRUE | 'b2b' leaves customers out
explicit 4      | field=lead.audience & value=b2c | 'b2b' is of another audience
explicit 6      | field=company.employee_band & operator=equals & value=2-10 | can never be
lists 2         | value=101                    | can never be: score.b2b is 0 to & no members
lists 2         | field=raw.b2b & value=1000   | can never be: raw.b2b is
lists 2         | field=rule_count.pricing & operator=lt & value=0 | 0 or more
explicit 5      | field=lead.seniority & operator=equals & value=vp | equals C_Level on line 4
explicit 5      | field=lead.seniority & operator=is_unknown & value= | excludes equals C_Level
explicit 5      | field=lead.seniority & operator=not_equals & value=c_level | excludes equals
explicit 5      | field=lead.seniority & operator=contains & value=vp | excludes equals C_Level
explicit +2     | operator=equals & value=Banking | explicit 29 | excludes in_list targets on line 2
explicit +2     | operator=not_in_list & value=targets | explicit 29 | excludes in_list targets
explicit +6     | operator=gt & value=200      | explicit 29 | excludes between 50..200 on line 6
explicit +6     | operator=lt & value=50       | explicit 29 | excludes between 50..200 on line 6
explicit +6     | operator=equals & value=10   | explicit 29 | excludes between 50..200 on line 6
explicit +5     | operator=older_than_days & value=365 | explicit 29 | excludes within_days 365
lists +4        | operator=lt & value=2        | lists 6 | excludes gte 2 on line 4 & no members

# rules beside each other
explicit +6     | rule_id=small & points=3     | explicit 29 | 3 points for what 'size' & gives -2.5
explicit +6     | rule_id=small & value= 50..200 | explicit 29 | 'small' asks the same as 'size'
explicit +7     | rule_id=twin                 | explicit 29 | 'twin' asks the same & line 7
explicit +7     | rule_id=twin & effect=fast_track | explicit 29 | the veto wins
implicit +2     | rule_id=twin & points=-1     | implicit 6 | -1 points for what & gives 5
implicit +2     | rule_id=twin & window_days=365 | implicit 6 | 'twin' asks the same as 'pricing'

# points and limits
score_limits 2  | max_points=9                 | explicit 4 | 10 alone pass & 9 of group 'persona'
score_limits 2  | max_points=0                 | explicit 4 | 10 alone pass the max_points 0
implicit 2      | award=once                   | max_per_day & award each

explicit 6      | label=                       | label is blank
overrides 2     | reason=                      | reason is blank
overrides 2     | author=                      | author is blank
explicit 7      | points=-50                   | a veto has no points & write 0
explicit 7      | points=5 & effect=fast_track | a fast_track has no points
explicit 3      | scorecard_id=account         | scorecard 'b2b' & explicit_rules.csv:2
implicit 2      | max_per_day=0                | max_per_day '0' & leave it blank for no limit
implicit 2      | max_points=0                 | max_points '0' & leave it blank for no limit
implicit 3      | count_operator=at_least      | at_least 0 counts as at_least 1
implicit 3      | count_operator=              | at_least 0 counts as at_least 1
implicit 3      | count_operator=more_than & event_count= | counts as 1, so more_than 1
overrides 2     | valid_to=2026-01-01          | valid_from is valid_to & never in force
explicit +6     | valid_from=2026-01-01 & valid_to=2026-01-01 | explicit 29 | never in force
overrides 2     | score=101                    | score 101 is out of range & 0 to 100
content_map 3   | page_prefix=blog             | 'blog' counts as '/blog'
score_limits 2  | max_points=                  | limits nothing
bands +4        | band=top & lower=101 & upper=200 | bands 11 | out of reach: score goes from 0 to
bands +2        | band=ice & lower=-9 & upper=-1 | bands 11 | out of reach: score goes from 0 to
grades -5       |                              | grades 2 | no grade for the pair & 'B' and '2'
lists 2         | workflow=                    | no workflow
lists 3         | priority=10                  | also that of 'warm'
explicit -19    |                              | scorecards 3 | 'account' has & 4 that subtract
overrides +2    | scorecard_id=account         | overrides 3 | scores companies
synonyms 5      | value=Construcion            | not one of the shipped industries & 'Construction'?
synonyms 5      | value=Qwxyz                  | not one of the shipped industries & still ask
synonyms +2     | synonym=Jefe  de-Obra        | synonyms 8 | equal to 'jefe de obra' & drop
service_levels 3 | temperature=warn            | no band & temperature 'warn' & did you mean 'Warm'?
service_levels 3 | temperature=boiling         | no band & temperature 'boiling' & known are
""")


@pytest.mark.parametrize("case", WARNINGS.values(), ids=WARNINGS)
def test_each_warning_is_given_once_where_it_belongs(
    case: Case, rules: Path, reference: Path
) -> None:
    write(rules, case.edit)
    findings = check_rules(rules, reference)
    assert_one(findings, case.file, case.line, *case.words)
    assert findings[0].severity == "warning"


FINE = cases_of(r"""
explicit 6      | points=0
implicit 3      | count_operator=at_most
implicit 3      | count_operator=at_least & event_count=
explicit 7      | points=
explicit 6      | effect= & rule_group= & owner_team=
explicit 5      | effect=Points
explicit 4      | effect=POINTS & field= Lead.Seniority & operator=Equals
explicit 8      | field=Company.Contact_Count.Sales
implicit 2      | award= & event_type=Page_View & field=Event.Page & operator=STARTS_WITH
implicit 2      | award=EACH
implicit 3      | count_operator=Exactly
scorecards 2    | half_life_days= & floor= & ceiling= & include_customers=
scorecards 2    | lookback_days= & purpose= & owner_team=
scorecards 2    | subject=Lead & audience=B2B
score_limits 2  | axis=Fit
bands 4         | measure=SCORE & next_step=Sales
lists 3         | field=Band.B2B & operator=Equals
lists 4         | field=rule_count.Pricing
grades 2        | next_step=SALES
content_map 3   | content_stage=ToFu
content_map 3   | page_prefix=/blog/
content_map 3   | page_prefix=/Blog
content_map 3   | page_prefix=https://www.example.com/blog/?x=1#top
content_map 3   | page_prefix=www.example.com/blog
scorecards 2    | lookback_days=365.0
explicit 7      | field=answer.budget & operator=gt & value=5e3
explicit 7      | operator=between & value=2026-01-01..2026-02-01
explicit 7      | operator=older_than_days & value=0
explicit 7      | operator=matches & value=^acme\b|[[:digit:]]{2}
explicit 7      | operator=matches & value=[\d-x]
explicit 7      | operator=matches & value=\b+
explicit 7      | field=lead.is_customer & operator=equals & value=FALSE
explicit 6      | value=-10..5.5
explicit +6     | operator=gte & value=200
explicit +6     | operator=lt & value=50.5
explicit 5      | field=lead.seniority & operator=is_known & value=
explicit 5      | field=lead.seniority & operator=starts_with & value=C_
explicit 5      | field=lead.seniority & operator=matches & value=^vp$
explicit +5     | operator=older_than_days & value=364
explicit +5     | operator=lt & value=2026-01-01
explicit +6     | rule_id=small & points=0
explicit +6     | rule_id=small & points=3 & value=50..201
explicit +2     | rule_id=other & valid_from=2026-01-01 & valid_to= & scorecard_id=account
score_limits 2  | max_points=10
explicit 4      | value= Manáger
explicit 4      | operator=contains & value=level
lists 3         | value=disqualified
implicit 2      | event_type=carrier_pigeon
implicit 2      | event_type=email_ignored
explicit 3      | valid_from=2027-01-01
value_lists +2  | value_list=others
implicit +2     | rule_id=pricing_2 & window_days=7
lists 3         | priority=10 & exclusive_set=other
synonyms 2      | value=Manager & vocabulary=Seniority
synonyms 3      | value=gr
synonyms +2     | vocabulary=job_function & value=operations
synonyms 6      | synonym=@mail.acme.com
synonyms 7      | synonym=ventas-mx@
""")


@pytest.mark.parametrize("case", FINE.values(), ids=FINE)
def test_what_is_allowed_passes(case: Case, rules: Path, reference: Path) -> None:
    write(rules, case.edit)
    assert check_rules(rules, reference) == []


def test_every_job_function_has_its_contact_count(rules: Path, reference: Path) -> None:
    names = read_column(reference / "job_functions.csv", "job_function")
    fields = {name: f"company.contact_count.{name}" for name in names}
    assert "sales" in fields
    write(
        rules, *(add(EXPLICIT, 8, rule_id=name, field=fields[name], value="4") for name in fields)
    )
    assert check_rules(rules, reference) == []


def test_job_functions_and_seniorities_are_those_of_the_reference(
    rules: Path, reference: Path
) -> None:
    write(rules, change(EXPLICIT, 8, field="company.contact_count.surgery"))
    (rules / "synonyms.csv").unlink()
    assert_one(check_rules(rules, reference), EXPLICIT, 8, "job functions are", "sales")
    (reference / "job_functions.csv").write_text("job_function\nsurgery\n")
    (reference / "seniorities.csv").write_text("seniority\nconsultant\n")
    seniority = check_rules(rules, reference)
    assert_one(seniority, EXPLICIT, 4, "'C_Level' can never be", "is consultant")
    (reference / "job_functions.csv").unlink()
    (reference / "seniorities.csv").unlink()
    assert check_rules(rules, reference) == []


def test_synonyms_of_vocabularies_that_are_not_there_go_unchecked(
    rules: Path, reference: Path
) -> None:
    write(rules, change("synonyms.csv", 2, value="boss"), change("synonyms.csv", 3, value="XX"))
    assert len(check_rules(rules, reference)) == 2
    for file in ("seniorities.csv", "country_names.csv", "industries.csv", "job_functions.csv"):
        (reference / file).unlink()
    assert check_rules(rules, reference) == []


def test_scorecards_differ_in_more_than_their_case(rules: Path, reference: Path) -> None:
    write(rules, add("scorecards.csv", scorecard_id="B2B"), add("bands.csv", 9, scorecard_id="B2B"))
    found = [found for found in errors_of(check_rules(rules, reference)) if found.line == 4]
    assert_one(found, "scorecards.csv", 4, "'B2B' differs from 'b2b' on line 2 in its case only")


@pytest.mark.parametrize("scorecard_id", ["b 2 c", "Añada", "b2b.v2", "B2C"])
def test_scorecard_ids_may_be_any_text(scorecard_id: str, rules: Path, reference: Path) -> None:
    write(
        rules,
        add("scorecards.csv", scorecard_id=scorecard_id),
        *(add("bands.csv", line, scorecard_id=scorecard_id) for line in (9, 10)),
        lambda folder: folder[EXPLICIT].extend(filler(scorecard_id)),
        change("lists.csv", 2, field=f"score.{scorecard_id}", value="5"),
    )
    findings = check_rules(rules, reference)
    if scorecard_id == "B2C":
        assert findings == []
    else:
        assert_one(findings, "scorecards.csv", 4, "letters, digits", quote(scorecard_id))
        assert findings[0].severity == "warning"


def test_values_of_lists_must_fit_the_fields_they_meet(rules: Path, reference: Path) -> None:
    write(
        rules,
        add("value_lists.csv", value_list="bosses", value="ceo"),
        add("value_lists.csv", value_list="sizes", value="big"),
        change(EXPLICIT, 4, operator="in_list", value="bosses"),
        change(EXPLICIT, 6, operator="in_list", value="sizes"),
    )
    bosses, sizes = check_rules(rules, reference)
    assert_one([bosses], "value_lists.csv", 4, "lead.seniority", "'ceo'")
    assert_one([sizes], "value_lists.csv", 5, "company.employee_count", "a number, got 'big'")


def test_protected_fields_need_permission_and_a_reason(rules: Path, reference: Path) -> None:
    write(rules, change(EXPLICIT, 6, field="lead.age"))
    assert check_rules(rules, reference, allow_protected_fields=True) == []
    write(rules, change(EXPLICIT, 6, field="lead.age", label=""))
    findings = errors_of(check_rules(rules, reference, allow_protected_fields=True))
    assert_one(findings, EXPLICIT, 6, "'lead.age' is protected", "say in the label why")


def test_a_list_without_values_is_empty(rules: Path, reference: Path) -> None:
    write(
        rules,
        add("value_lists.csv", value_list="none", value=""),
        change(EXPLICIT, 4, operator="in_list", value="none"),
    )
    first, second = check_rules(rules, reference)
    assert (first.file, first.line) == (EXPLICIT, 4)
    assert "value list 'none' is empty" in first.message
    assert (second.file, second.line) == ("value_lists.csv", 4)


def test_a_row_of_a_rule_without_its_valid_from_is_explained(rules: Path, reference: Path) -> None:
    write(rules, change(EXPLICIT, 4, valid_from="2026-01-01"))
    findings = check_rules(rules, reference)
    assert_one(findings, EXPLICIT, 4, "rule 'ceo'", "line 5", "same valid_from")


def of_topic(findings: list[Finding], topic: str) -> list[Finding]:
    """The findings of a topic."""
    return [finding for finding in findings if finding.topic == topic]


def test_three_conditions_may_exclude_what_two_do_not(rules: Path, reference: Path) -> None:
    write(
        rules,
        add("value_lists.csv", value_list="bosses", value="c_level"),
        add("value_lists.csv", value_list="bosses", value="vp"),
        change(EXPLICIT, 4, operator="in_list", value="bosses"),
        change(EXPLICIT, 5, field="lead.seniority", operator="not_equals", value="VP"),
        add(EXPLICIT, 4, operator="not_equals", value="c_level"),
    )
    findings = check_rules(rules, reference)
    assert_one(findings, EXPLICIT, 29, "the conditions on lead.seniority leave no value of it")


def test_values_of_content_are_those_of_the_content_map(rules: Path, reference: Path) -> None:
    page_group = change(IMPLICIT, 2, field="event.page_group", operator="equals", value="blogs")
    write(rules, page_group)
    assert_one(check_rules(rules, reference), IMPLICIT, 2, "can never be", "did you mean 'blog'?")
    (rules / "content_map.csv").unlink()
    assert check_rules(rules, reference) == []


def test_rules_of_different_days_may_repeat_each_other(rules: Path, reference: Path) -> None:
    ended = change(EXPLICIT, 6, valid_to="2026-01-01")
    write(rules, ended, add(EXPLICIT, 6, rule_id="new", valid_from="2026-01-01", valid_to=""))
    assert check_rules(rules, reference) == []
    write(rules, ended, add(EXPLICIT, 6, rule_id="new", valid_from="2025-12-31", valid_to=""))
    assert_one(check_rules(rules, reference), EXPLICIT, 29, "rule 'new' asks the same as 'size'")


def test_points_of_stronger_actions_are_no_fewer(rules: Path, reference: Path) -> None:
    def add_emails(opened: str, clicked: str, **cells: str) -> Edit:
        event = {"field": "", "operator": "", "value": "", "window_days": "9"}
        click = {"rule_id": "click", "event_type": "email_click", "points": clicked}
        opening = {"rule_id": "open", "event_type": "email_open", "points": opened}
        return lambda folder: folder[IMPLICIT].extend(
            folder[IMPLICIT][0] | event | rule for rule in (click | cells, opening)
        )

    write(rules, add_emails("3", "2"))
    words = ("2 points for email_click are less than the 3 for email_open on line 7",)
    assert_one(check_rules(rules, reference), IMPLICIT, 6, *words)
    for fine in (
        add_emails("3", "3"),
        add_emails("-3", "-2"),
        add_emails("3", "2", event_type="email_ignored", rule_id="ignored"),
        add_emails("3", "2", field="event.campaign_id", operator="equals", value="x"),
        add_emails("3", "2", valid_from="2026-01-01", valid_to="2026-01-01"),
        add_emails("3", "2", scorecard_id="account"),
    ):
        write(rules, fine)
        assert of_topic(check_rules(rules, reference), "points out of order") == []


def test_a_limit_that_cuts_every_rule_is_at_fault_itself(rules: Path, reference: Path) -> None:
    topic = "points that a limit cuts"
    cap = add("score_limits.csv", scorecard_id="account", rule_group="", max_points="0.5")
    write(rules, cap)
    assert of_topic(check_rules(rules, reference), topic) == []  # others take points
    without = [change(EXPLICIT, line, scorecard_id="b2b") for line in range(19, 24)]
    write(rules, cap, *without)
    found = of_topic(check_rules(rules, reference), topic)
    assert_one(found, "score_limits.csv", 4, "every rule of the axis fit that adds points", "0.5")
    write(rules, cap, *without, add("score_limits.csv", scorecard_id="account", max_points="0.5"))
    sellers = change(EXPLICIT, 8, rule_group="persona")
    write(rules, sellers, add("score_limits.csv", scorecard_id="account", max_points="3"))
    found = of_topic(check_rules(rules, reference), topic)
    assert_one(found, EXPLICIT, 8, "points 5 alone pass the max_points 3 of group 'persona'")


def test_bands_of_an_axis_beyond_its_rules_are_out_of_reach(rules: Path, reference: Path) -> None:
    write(rules, add("bands.csv", 5, band="C", lower="-90", upper="-41"))
    found = of_topic(check_rules(rules, reference), "bands that nobody can reach")
    assert_one(found, "bands.csv", 11, "band 'C' is out of reach: fit goes from -17.5 to 37")
    write(rules, change(EXPLICIT, 6, points="-50"), add("bands.csv", 5, lower="-90", upper="-41"))
    assert of_topic(check_rules(rules, reference), "bands that nobody can reach") == []


def test_all_errors_of_all_files_are_found_at_once(rules: Path, reference: Path) -> None:
    write(
        rules,
        change(EXPLICIT, 6, points="ten", field="company.size"),
        change(IMPLICIT, 2, award="daily"),
        change("bands.csv", 3, lower="x"),
    )
    found = [(finding.file, finding.line) for finding in check_rules(rules, reference)]
    assert found == [("bands.csv", 3), (EXPLICIT, 6), (EXPLICIT, 6), (IMPLICIT, 2)]


def test_the_command_shows_errors_first_and_warnings_by_topic(rules: Path) -> None:
    write(
        rules,
        change(EXPLICIT, 6, points="ten"),
        change(EXPLICIT, 7, label=""),
        change(IMPLICIT, 2, label=""),
        change("lists.csv", 2, workflow=""),
    )
    said = CliRunner().invoke(app, ["check", "--rules", str(rules), "--publish", str(rules / "no")])
    error, *lines, count = [line for line in said.output.splitlines() if "industry" not in line]
    assert error.startswith("explicit_rules.csv:6:64: points needs a number, got 'ten'")
    assert lines[0] == "warning: reasons without words"
    assert [line.split(":")[0] for line in lines[1:3]] == [f"  {EXPLICIT}", f"  {IMPLICIT}"]
    assert lines[3] == "warning: lists"
    assert (said.exit_code, count) == (1, "1 error, 3 warnings")


def test_lines_are_numbers_whatever_a_terminal_could_make_of_them(rules: Path) -> None:
    write(rules, *[add("value_lists.csv", value=f"industry {number}") for number in range(100)])
    file = rules / "value_lists.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:99], "target_industries,#NAME?"]), encoding="utf-8")
    said = CliRunner().invoke(app, ["check", "--rules", str(rules), "--publish", str(rules / "no")])
    assert "\nvalue_lists.csv:100:19: value '#NAME?'" in f"\n{said.output}"


def test_rules_are_checked_also_where_the_published_tables_cannot_be_read(rules: Path) -> None:
    (published := rules / "torn.duckdb").write_text("half a file")
    said = CliRunner().invoke(app, ["check", "--rules", str(rules), "--publish", str(published)])
    assert said.exit_code == 0
    assert "0 errors" in said.output
    assert "bands that nobody is in are not looked for" in said.stderr


def test_the_command_prints_json(rules: Path) -> None:
    command = ["check", "--json", "--rules", str(rules), "--publish", str(rules / "no")]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0
    write(rules, change(EXPLICIT, 6, points="ten"))
    said = CliRunner().invoke(app, command)
    (finding,) = [found for found in json.loads(said.output) if found["severity"] == "error"]
    assert (said.exit_code, finding["file"], finding["line"]) == (1, EXPLICIT, 6)


# name: file, line, words, and what happens to its text.
TEXTS: dict[str, tuple[str, int, list[str], Callable[[str], str]]] = {
    "misspelt column": (
        "lists.csv",
        1,
        ["unknown column 'work_flow'", "did you mean 'workflow'?"],
        lambda text: text.replace("workflow", "work_flow", 1),
    ),
    "column in capitals": (
        "lists.csv",
        1,
        ["did you mean 'list_id'?"],
        lambda text: text.replace("list_id", "List ID", 1),
    ),
    "column twice": (
        "value_lists.csv",
        1,
        ["column 'value' stands twice"],
        lambda text: text.replace("\n", ",x\n").replace("value,x", "value,value", 1),
    ),
    "extra column": (
        "value_lists.csv",
        1,
        ["unknown column 'x'", "known are value_list,value"],
        lambda text: text.replace("\n", ",x\n"),
    ),
    "nameless column": (
        "value_lists.csv",
        1,
        ["column without a name"],
        lambda text: text.replace("\n", ",x\n").replace("value,x", "value,", 1),
    ),
    "missing column": (
        "value_lists.csv",
        1,
        ["missing column 'value'"],
        lambda _: "value_list\ntargets\n",
    ),
    "missing last column": (
        "overrides.csv",
        1,
        ["missing column 'valid_to'"],
        lambda text: text.replace(",valid_to", "").replace(",2026-02-01", ""),
    ),
    "no header": (
        "value_lists.csv",
        1,
        ["first line must be the header value_list,value"],
        lambda text: text.split("\n", 1)[1],
    ),
    "bars": (
        "bands.csv",
        1,
        ["first line must be the header scorecard_id,measure"],
        lambda text: text.replace(",", "|"),
    ),
    "too many cells": (
        "lists.csv",
        2,
        ["the row has 10 cells, the header 9", "double quotes"],
        lambda text: text.replace("nurture", "nurture,fast"),
    ),
    "too few cells": (
        "bands.csv",
        4,
        ["10 cells, the header 11"],
        lambda text: text.replace("hot,51,100", "hot,51"),
    ),
    "open quote": (
        "overrides.csv",
        2,
        ["quotes do not match", "Met at a fair"],
        lambda text: text.replace("Met", '"Met'),
    ),
    "quote inside": (
        "overrides.csv",
        2,
        ["quotes do not match"],
        lambda text: text.replace("Met", '"Met" him'),
    ),
    "no scorecards": (
        "scorecards.csv",
        1,
        ["a header but no rows"],
        lambda text: text.split("\n", 1)[0],
    ),
    "no bands": (
        "bands.csv",
        1,
        ["a header but no rows"],
        lambda text: text.split("\n", 1)[0] + "\n,,,,,,,,,,\n\n",
    ),
    "no text": (
        "bands.csv",
        1,
        ["the file is empty", "scorecard_id,measure"],
        lambda _: "",
    ),
    "null byte": (
        "overrides.csv",
        2,
        ["null byte"],
        lambda text: text.replace("Ana", "A\0a"),
    ),
}


@pytest.mark.parametrize(("file", "line", "words", "edit"), TEXTS.values(), ids=TEXTS)
def test_each_fault_of_a_file_is_found_once(
    file: str,
    line: int,
    words: list[str],
    edit: Callable[[str], str],
    rules: Path,
    reference: Path,
) -> None:
    path = rules / file
    path.write_text(edit(path.read_text()))
    assert_one(errors_of(check_rules(rules, reference)), file, line, *words)


@pytest.mark.parametrize("file", ["scorecards.csv", "bands.csv"])
def test_files_that_must_have_rows_must_be_there(file: str, rules: Path, reference: Path) -> None:
    (rules / file).unlink()
    assert_one(errors_of(check_rules(rules, reference)), file, 1, "the file is missing")


def test_other_files_may_have_no_text(rules: Path, reference: Path) -> None:
    (rules / "overrides.csv").write_bytes(b"")
    findings = check_rules(rules, reference)
    assert_one(findings, "overrides.csv", 1, "the file is empty", "lead_id,scorecard_id")
    assert findings[0].severity == "warning"


def test_other_files_may_be_missing(rules: Path, reference: Path) -> None:
    for file in RULE_FILES:
        if file not in ("scorecards.csv", "bands.csv"):
            (rules / file).unlink()
    assert errors_of(check_rules(rules, reference)) == []


def test_bytes_that_are_not_utf8_are_located(rules: Path, reference: Path) -> None:
    path = rules / "value_lists.csv"
    path.write_bytes(path.read_bytes().replace(b"Retail", "Café".encode("latin-1")))
    (finding,) = check_rules(rules, reference)
    assert (finding.line, finding.column) == (3, 12)
    assert "byte 0xE9 (perhaps 'é') is not UTF-8" in finding.message


def test_utf16_is_recognised(rules: Path, reference: Path) -> None:
    path = rules / "value_lists.csv"
    path.write_bytes(path.read_text().encode("utf-16"))
    assert_one(check_rules(rules, reference), "value_lists.csv", 1, "UTF-16", "CSV UTF-8")


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
def test_spreadsheets_may_save_in_their_way(line_break: str, rules: Path, reference: Path) -> None:
    for path in rules.iterdir():
        reader = list(csv.DictReader(path.open(newline="")))
        columns = sorted(RULE_FILES[path.name], reverse=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            options = {"quoting": csv.QUOTE_ALL, "lineterminator": line_break}
            writer = csv.DictWriter(file, columns, **options)  # type: ignore[arg-type]
            writer.writeheader()
            writer.writerows(reader)
            file.write(f",,,{line_break}{line_break}  {line_break}")
    assert check_rules(rules, reference) == []


def test_lines_are_counted_through_cells_with_line_breaks(rules: Path, reference: Path) -> None:
    write(
        rules,
        add("overrides.csv", lead_id="L2", score="x"),
        change("overrides.csv", 2, reason="Met\nat a\r\nfair", author=""),
    )
    first, second = check_rules(rules, reference)
    assert (first.line, "author is blank" in first.message) == (4, True)
    assert (second.line, second.column, "'x'" in second.message) == (5, 8, True)


def test_unknown_files_are_pointed_out(rules: Path, reference: Path) -> None:
    (rules / "lists.csv").rename(rules / "list.csv")
    (rules / "_rules.yml").touch()
    (rules / ".gitkeep").touch()
    findings = check_rules(rules, reference)
    assert_one(findings, "list.csv", 1, "no rule file", "did you mean 'lists.csv'?")
    assert findings[0].severity == "warning"


def test_a_missing_folder_or_registry_is_an_error(rules: Path, tmp_path: Path) -> None:
    assert_one(check_rules(tmp_path / "nowhere", REFERENCE), "nowhere", 1, "no folder of rules")
    assert_one(check_rules(rules, tmp_path / "nowhere"), "fields.csv", 1, "no registry of fields")


def test_a_rule_file_that_is_a_folder_is_an_error(rules: Path, reference: Path) -> None:
    (rules / "grades.csv").unlink()
    (rules / "grades.csv").mkdir()
    assert_one(check_rules(rules, reference), "grades.csv", 1, "cannot be read")


PATTERNS = [
    r"^(ceo|chief .* officer)$", r"\bvp\b", r"[[:alpha:]]+\d{2,}", r"[^[:space:]]", r"\pL\p{Greek}",
    r"a\z", r"\Qa.b(\E", r"(?P<n>a)", r"(?i)a", r"a(?i)b", r"(?i:a)b", r"(?:a|b)*?", r"\x{41}",
    r"a{1000}", r"}+", r"\C", r"[]a]", r"[\w.-]+@", r"\++", r"(?s).", r"é", r"a|", r"\.com$",
    r"a{1001}", r"a++", r"a*+", r"a{2}+", r"a**", r"(?=a)", r"(?!a)", r"(?<=a)b", r"(?<!a)b",
    r"(a)\1", r"(?P<n>a)(?P=n)", r"(?<n>a)", r"(?>a)", r"(a)?(?(1)b|c)", r"(?#note)", r"\Z",
    r"A", r"(", r")", r"[", r"[a", r"*a", r"\y", r"[b-a]", r"\p{Nonsense", "a\\",
    r"(?P<n>a)(?P<n>b)", r"[\d-x]", r"\b+", r"\p{Foo}", r"(a{100}){100}", r"(?a)x", r"[[:foo:]]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_are_judged_as_the_warehouse_judges_them(pattern: str) -> None:
    try:
        duckdb.execute("select regexp_matches('a', '(?i)' || strip_accents(?))", [pattern])
        is_readable = True
    except duckdb.Error:
        is_readable = False
    if is_readable:
        assert regex(pattern) == pattern
    else:
        with pytest.raises(Misfit):
            regex(pattern)


@given(st.lists(st.lists(st.text(), min_size=1), min_size=1))
def test_cells_are_read_as_the_csv_module_writes_them(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    records = list(read_records(text.getvalue()))
    assert [[cell.text for cell in record.cells] for record in records] == rows
    assert not any(record.misquoted for record in records)


@given(st.text(alphabet='ab",\r\n ;'))
def test_the_place_of_every_cell_is_true(text: str) -> None:
    lines = io.StringIO(text, newline="").readlines()
    starts = list(accumulate(map(len, lines), initial=0))
    for record in read_records(text):
        for cell in record.cells:
            raw = text[starts[cell.line - 1] + cell.column - 1 :]
            assert raw.startswith((cell.text, '"' + cell.text.replace('"', '""')))


NASTY: dict[str, bytes] = {
    "empty": b"",
    "mark_only": b"\xef\xbb\xbf",
    "null_bytes": b"\0" * 1000,
    "quote": b'"',
    "quotes": b'"' * 1001,
    "commas": b"," * 10_000,
    "line_breaks": b"\r\n\r" * 1000,
    "surrogates": b"\xed\xa0\x80,value",
    "huge_cell": b"x" * 1_000_000,
    "random": random.Random(1).randbytes(20_000),
}


@pytest.mark.parametrize("file", RULE_FILES)
@pytest.mark.parametrize("content", NASTY.values(), ids=NASTY)
def test_nothing_stops_the_linter(file: str, content: bytes, rules: Path, reference: Path) -> None:
    (rules / file).write_bytes(content)
    assert_readable(check_rules(rules, reference))
    header = ",".join(RULE_FILES[file]).encode()
    (rules / file).write_bytes(header + b"\n" + content)
    assert_readable(check_rules(rules, reference))
    columns = range(len(RULE_FILES[file]))
    rows = [b",".join(content if here == there else b"1" for here in columns) for there in columns]
    (rules / file).write_bytes(b"\n".join([header, *rows]))
    assert_readable(check_rules(rules, reference))
    (reference / "fields.csv").write_bytes(content)
    (reference / "event_types.csv").write_bytes(content)
    assert_readable(check_rules(rules, reference))


def test_damaged_bytes_never_stop_the_linter(rules: Path, reference: Path) -> None:
    dice = random.Random(7)
    for _ in range(200):
        path = rules / dice.choice(list(RULE_FILES))
        original = path.read_bytes()
        damaged = bytearray(original)
        for _ in range(dice.randint(1, 8)):
            position = dice.randrange(len(damaged))
            damaged[position : position + dice.randint(0, 3)] = dice.choice(
                [b'"', b",", b"\n", b"\xff", b"..", b"-", b"(", dice.randbytes(2), b""]
            )
        path.write_bytes(damaged)
        assert_readable(check_rules(rules, reference))
        path.write_bytes(original)


def assert_readable(findings: list[Finding]) -> None:
    """Assert that every finding has a place and a message of one short line."""
    assert findings == sorted(findings)
    for finding in findings:
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.message.isprintable()
        assert len(finding.message) < 500


def test_the_linter_starts_without_the_warehouse() -> None:
    heavy = "{'duckdb', 'dbt', 'rich', 'typer'} & set(sys.modules)"
    code = f"import sys, leadscore.check; sys.exit(bool({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_duckdb_is_loaded_for_regular_expressions_only(rules: Path, reference: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from leadscore.check import check_rules
check_rules(Path({str(rules)!r}), Path({str(reference)!r}))
sys.exit("duckdb" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    write(rules, change(EXPLICIT, 4, operator="matches", value="chief"))
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1


def compose(files: Folder) -> None:
    """Add a composite of both scorecards."""
    files["scorecards.csv"].append({"scorecard_id": "overall", "subject": "lead"})
    files["bands.csv"] += table("""
scorecard_id|measure|band|lower|upper
overall     |score  |any |0    |100
""")
    files["composites.csv"] = table("""
scorecard_id|component|weight|label
overall     |b2b      |0.7   |Model
overall     |account  |0.3   |Company
""")


def test_a_composite_needs_no_rules(rules: Path, reference: Path) -> None:
    write(rules, compose)
    assert check_rules(rules, reference) == []


@pytest.mark.parametrize(
    ("line", "cells", "words"),
    [
        (2, {"component": "b2c"}, "unknown scorecard 'b2c'; did you mean 'b2b'?"),
        (3, {"component": "overall"}, "'overall' is a composite (line 2)"),
        (2, {"weight": ""}, "weight is blank"),
        (3, {"weight": "a third"}, "'a third'"),
        (3, {"component": "b2b"}, "same scorecard_id 'overall', component 'b2b' as on line 2"),
        (3, {"scorecard_id": "al"}, "unknown scorecard 'al'"),
        (2, {"weight": "0"}, "weight 0 takes nothing"),
    ],
)
def test_what_a_composite_cannot_be_made_of(
    line: int, cells: Cells, words: str, rules: Path, reference: Path
) -> None:
    write(rules, compose, lambda files: files["composites.csv"][line - 2].update(cells))
    assert_one(check_rules(rules, reference), "composites.csv", line, words)


def test_a_composite_of_companies_is_not_made_of_leads(rules: Path, reference: Path) -> None:
    def of_companies(files: Folder) -> None:
        files["scorecards.csv"][-1]["subject"] = "company"

    write(rules, compose, of_companies)
    words = "'b2b' scores leads, and 'overall' companies"
    assert_one(check_rules(rules, reference), "composites.csv", 2, words)


def test_a_composite_has_no_rules_of_its_own(rules: Path, reference: Path) -> None:
    def rule(files: Folder) -> None:
        files["implicit_rules.csv"].append(
            files["implicit_rules.csv"][3] | {"rule_id": "own", "scorecard_id": "overall"}
        )

    write(rules, compose, rule)
    words = "'overall' is a composite (composites.csv:2) and has no rules of its own"
    assert_one(check_rules(rules, reference), "implicit_rules.csv", 6, words)
