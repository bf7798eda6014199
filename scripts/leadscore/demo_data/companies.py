"""The companies: leadforge's accounts with names, countries and sizes as a CRM has them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from leadscore.demo_data import vocabulary
from leadscore.demo_data.chance import happens, sometimes, stream, time_on, weighted
from leadscore.demo_data.tables import Company
from leadscore.demo_data.vocabulary import Country, Industry
from leadscore.demo_data.world import DATA_END, Account

_STARTS = ("Nor", "Bel", "Cal", "Tar", "Ver", "Lus", "Quin", "Dal", "Fen", "Mir", "Ost", "Riv")
_MIDDLES = ("ve", "ta", "do", "mi", "la", "go", "ri", "su")
_ENDS = ("la", "ra", "bria", "nex", "gua", "lia", "ndo", "sta", "vik", "mar")

# Largest number of employees and annual revenue (in millions) in the open-ended bands.
_BIGGEST = 14_000
_RICHEST = 2_500.0
_COMPANY_TYPES = (("private", 6), ("Private", 2), ("public", 2), ("nonprofit", 1), ("family", 1))
_AGE_DAYS = (((1, 365), 50), ((365, 1095), 28), ((1095, 2600), 22))


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What is true of a company, whatever the CRM says about it.

    `has_mail_gateway` companies let a security scanner open and click all mails first.
    """

    account: Account
    name: str
    short_name: str
    domain: str
    country: Country
    industry: Industry
    has_mail_gateway: bool


def any_country(rng: Random) -> Country:
    """Return a country, as often as the market has it."""
    return weighted(rng, [(country, country.share) for country in vocabulary.countries()])


def slug(text: str) -> str:
    """Return the text as it may stand in a mail address or domain: a-z, 0-9 and nothing else."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(c for c in plain.lower() if c.isascii() and c.isalnum())


def profile(seed: int, account: Account) -> CompanyProfile:
    """Return who the company of an account is."""
    rng = stream(seed, "company", account.account_id)
    country = any_country(rng)
    industry = _industry(rng, account.industry)
    stem = rng.choice(_STARTS) + rng.choice(_MIDDLES) + rng.choice(_ENDS)
    short_name = f"{stem} {rng.choice(industry.name_words)}"
    return CompanyProfile(
        account=account,
        name=f"{short_name} {rng.choice(country.legal_forms)}",
        short_name=short_name,
        # The number keeps two companies of one name apart; .example belongs to nobody.
        domain=f"{slug(stem)}{int(account.account_id.rpartition('_')[2])}.example",
        country=country,
        industry=industry,
        has_mail_gateway=happens(rng, 0.05),
    )


def _industry(rng: Random, simulated: str) -> Industry:
    """Return leadforge's industry, or now and then one outside the market."""
    outside = [industry for industry in vocabulary.industries() if not industry.in_market]
    if happens(rng, 0.08):
        return rng.choice(outside)
    return next(i for i in vocabulary.industries() if i.industry == simulated)


def company_row(seed: int, company: CompanyProfile) -> Company:
    """Return the company as the CRM has it, with gaps and any spelling."""
    rng = stream(seed, "company row", company.account.account_id)
    return Company(
        company_id=company.account.account_id,
        name=_noisy_name(rng, company),
        domain=_noisy_domain(rng, company.domain),
        industry=sometimes(rng, 0.88, rng.choice(company.industry.spellings)),
        employee_count=sometimes(rng, 0.86, _employees(rng, company)),
        annual_revenue=sometimes(rng, 0.68, _revenue(rng, company.account.revenue_band)),
        company_type=sometimes(rng, 0.55, weighted(rng, _COMPANY_TYPES)),
        country=sometimes(rng, 0.90, rng.choice(company.country.spellings)),
        updated_at=_updated_at(rng),
    )


def _noisy_name(rng: Random, company: CompanyProfile) -> str:
    return weighted(
        rng,
        (
            (company.name, 80),
            (company.name.upper(), 10),
            (company.short_name, 8),
            (f" {company.name}  ", 2),
        ),
    )


def _noisy_domain(rng: Random, domain: str) -> str | None:
    forms: tuple[tuple[str | None, float], ...] = (
        (domain, 75), (f"www.{domain}", 6), (f"https://www.{domain}/", 5),
        (domain.upper(), 4), (None, 10),
    )  # fmt: skip
    return weighted(rng, forms)


def _employees(rng: Random, company: CompanyProfile) -> str:
    if not company.industry.in_market and happens(rng, 0.5):
        return rng.choice(("1-10", "11-50", "8", "35", "51-200"))
    band = company.account.employee_band
    low, _, high = band.rstrip("+").partition("-")
    count = rng.randint(int(low), int(high) if high else _BIGGEST)
    thousands = f"{count // 1000}k+" if count >= 2000 else band
    dotted = f"{count:,}".replace(",", ".")
    return weighted(
        rng, ((str(count), 45), (band, 30), (dotted, 10), (f"{count:,}", 7), (thousands, 8))
    )


def _revenue(rng: Random, band: str) -> str:
    """Return an annual revenue within a band such as $10M-$50M, in one of the usual notations."""
    bounds = [float(part.strip("$M+")) for part in band.split("-")]
    millions = round(rng.uniform(bounds[0], bounds[1] if len(bounds) > 1 else _RICHEST), 1)
    return weighted(
        rng,
        ((band, 40), (f"{millions} Million", 20), (str(round(millions * 1_000_000)), 25),
         (f"{millions:.0f}M", 8), (f"${millions:.0f}M", 7)),
    )  # fmt: skip


def _updated_at(rng: Random) -> datetime:
    low, high = weighted(rng, _AGE_DAYS)
    return time_on(rng, DATA_END - timedelta(days=rng.randrange(low, high)))
