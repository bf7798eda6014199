"""The people behind the leads, and the record that the CRM keeps of each."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from leadscore.demo_data import vocabulary
from leadscore.demo_data.chance import happens, sometimes, stream, time_on, weighted
from leadscore.demo_data.companies import CompanyProfile, any_country, slug
from leadscore.demo_data.tables import Lead
from leadscore.demo_data.vocabulary import Country, Source
from leadscore.demo_data.world import DATA_END, Journey

_OTHER_ROLES = ("sales", "marketing", "operations", "hr")
_ROLE_ADDRESSES = ("info", "ventas", "contacto", "compras", "sales", "admin", "office")
_CONSENT: tuple[tuple[str | None, float], ...] = (
    ("subscribed", 60), ("unknown", 24), ("unsubscribed", 4), ("Subscribed", 4), (None, 8),
)  # fmt: skip
_STAGES = {
    "closed_won": ("customer", "Customer", "cliente"),
    "negotiation": ("opportunity", "Opportunity"),
    "proposal_sent": ("opportunity", "Opportunity"),
    "demo_completed": ("sql", "SQL"),
    "demo_scheduled": ("sql", "SQL"),
    "closed_lost": ("lead", "other"),
}
_EARLY_STAGES = ("subscriber", "lead", "lead", "mql", "MQL", "marketing qualified lead")
_EXPERIENCE = {
    "individual_contributor": (0, 12),
    "manager": (4, 20),
    "director": (8, 28),
    "vp": (10, 32),
    "c_suite": (12, 38),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who a contact is; two records of one contact are one person."""

    first_name: str
    last_name: str
    gender: str
    country: Country
    email: str | None
    role: str
    seniority: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """A journey with the person who makes it, the company, and how the website knows them.

    Before `identified_on`, the website knows the visitor by `anonymous_id` alone.
    """

    journey: Journey
    person: Person
    company: CompanyProfile | None
    source: Source
    is_cross_sell: bool
    reads_newsletter: bool
    anonymous_id: str
    identified_on: date
    user_agent: str
    ip_address: str

    def stream(self, purpose: str) -> Random:
        """Return the random stream of this lead for a purpose."""
        return self.journey.stream(purpose)


def prospect(journey: Journey, companies: dict[str, CompanyProfile]) -> Prospect:
    """Return who makes the journey.

    Args:
        journey: The journey.
        companies: All companies by id.
    """
    rng = journey.stream("prospect")
    company = companies[journey.account.account_id] if journey.kind != "b2c" else None
    # Nobody calls on consumers: they find us.
    found = "inbound_marketing" if journey.kind == "b2c" else journey.source
    sources = [(s, s.share) for s in vocabulary.sources() if s.source == found]
    eager = 0.12 + 0.35 * journey.eagerness
    # Many browse for a while before a form says who they are.
    days_unknown = rng.randrange(1, 21) if happens(rng, 0.35) else 0
    return Prospect(
        journey=journey,
        person=_person(journey, company),
        company=company,
        source=weighted(rng, sources),
        is_cross_sell=journey.kind == "b2b" and happens(rng, 0.035),
        reads_newsletter=happens(rng, 0.9 if journey.kind == "email_only" else eager),
        anonymous_id=f"anon-{rng.getrandbits(40):010x}",
        identified_on=journey.created_on + timedelta(days=days_unknown),
        user_agent=rng.choice(vocabulary.user_agents()["browser"]),
        ip_address=f"203.0.113.{rng.randrange(256)}",
    )


def lead_row(prospect: Prospect) -> Lead:
    """Return the record of the lead as the CRM has it, with gaps, noise and old news."""
    rng = prospect.stream("lead row")
    journey = prospect.journey
    created_at = time_on(rng, journey.created_on)
    updated_at = _updated_at(rng, journey, created_at)
    lead = Lead(
        lead_id=journey.lead_id,
        email=_typed_email(rng, prospect.person.email),
        created_at=timestamp_text(rng, created_at),
        updated_at=timestamp_text(rng, updated_at),
    )
    if journey.kind == "email_only":
        lead.audience = sometimes(prospect.stream("form"), 0.1, "b2b")
        return lead
    _add_origin(rng, lead, prospect)
    _add_person(rng, lead, prospect)
    if prospect.company is not None:
        _add_work(rng, lead, prospect, prospect.company)
    else:
        _add_consumer(rng, lead, prospect.person)
    return lead


def timestamp_text(rng: Random, at: datetime) -> str:
    """Return the moment as an export writes it: without a zone, in UTC, or in another zone."""
    style = weighted(rng, (("plain", 86), ("zulu", 9), ("madrid", 5)))
    if style == "zulu":
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"
    if style == "madrid":
        return f"{at + timedelta(hours=2):%Y-%m-%dT%H:%M:%S+02:00}"
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _person(journey: Journey, company: CompanyProfile | None) -> Person:
    rng = stream(journey.seed, "person", journey.contact_id)
    country = company.country if company is not None else any_country(rng)
    gender = rng.choice("fm")
    first_name = rng.choice(vocabulary.first_names()[country.language, gender])
    surnames = rng.sample(vocabulary.last_names()[country.language], 2)
    doubled = country.language == "es" and happens(rng, 0.5)
    last_name = " ".join(surnames) if doubled else surnames[0]
    role, seniority = _position(rng, journey)
    local = _local_part(rng, first_name, surnames[0])
    number = int(journey.contact_id.rpartition("_")[2])
    return Person(
        first_name=first_name,
        last_name=last_name,
        gender=gender,
        country=country,
        email=_email(rng, journey, company, local, number),
        role=role,
        seniority=seniority,
    )


def _position(rng: Random, journey: Journey) -> tuple[str, str]:
    """Return role and seniority: leadforge's, but not everybody works in its four departments."""
    if journey.seniority == "individual_contributor" and happens(rng, 0.18):
        return "any", "support"
    generalists = {"c_suite": 0.45, "individual_contributor": 0.0}
    if happens(rng, generalists.get(journey.seniority, 0.04)):
        return "general", journey.seniority
    if happens(rng, 0.2):
        return rng.choice(_OTHER_ROLES), journey.seniority
    return journey.role, journey.seniority


def _local_part(rng: Random, first_name: str, last_name: str) -> str:
    first, last = slug(first_name), slug(last_name)
    return weighted(
        rng, ((f"{first}.{last}", 50), (f"{first[0]}{last}", 30), (f"{first}_{last}", 10),
              (f"{first}{last[0]}", 10)),
    )  # fmt: skip


def _email(
    rng: Random, journey: Journey, company: CompanyProfile | None, local: str, number: int
) -> str | None:
    language = company.country.language if company is not None else "any"
    kind = _email_kind(rng, journey)
    if kind == "missing":
        return None
    if kind == "business" and company is not None:
        return f"{local}@{_business_domain(journey, company)}"
    if kind == "role" and company is not None:
        return f"{rng.choice(_ROLE_ADDRESSES)}@{company.domain}"
    if kind == "invalid":
        return rng.choice((local, f"{local}@", f"{local} @mail", "no tiene", f"{local}@mail,com"))
    # The number makes sure that the address is nobody's but the demo's.
    domains = vocabulary.mail_domains(
        "disposable" if kind == "disposable" else "personal", language
    )
    return f"{local}{number:05d}@{rng.choice(domains)}"


def _business_domain(journey: Journey, company: CompanyProfile) -> str:
    """Return the company's domain, or that of one who looks and never buys: a rival, a student."""
    rng = stream(journey.seed, "curious", journey.contact_id)
    is_curious = happens(rng, 0.008)
    return rng.choice(vocabulary.mail_domains("curious", "any")) if is_curious else company.domain


def _email_kind(rng: Random, journey: Journey) -> str:
    if journey.kind == "b2c":
        return weighted(rng, (("personal", 92), ("disposable", 6), ("invalid", 2)))
    if journey.kind == "email_only":
        return weighted(rng, (("business", 40), ("personal", 40), ("disposable", 10), ("role", 10)))
    if journey.mail_kind == "unknown":
        return weighted(
            rng,
            (("business", 25), ("role", 30), ("disposable", 15), ("invalid", 15), ("missing", 15)),
        )
    return "personal" if journey.mail_kind == "personal" else "business"


def _typed_email(rng: Random, email: str | None) -> str | None:
    if email is None:
        return None
    return weighted(rng, ((email, 88), (email.upper(), 4), (email.title(), 4), (f" {email} ", 4)))


def _add_origin(rng: Random, lead: Lead, prospect: Prospect) -> None:
    lead.lead_source = sometimes(rng, 0.9, rng.choice(prospect.source.spellings))
    origin = "outbound" if prospect.source.source == "sdr_outbound" else "inbound"
    lead.origin = "cross_sell" if prospect.is_cross_sell else sometimes(rng, 0.95, origin)
    lead.consent_status = weighted(rng, _CONSENT)
    lead.lifecycle_stage = sometimes(rng, 0.85, _stage(rng, prospect))
    # Somebody ticks the box for a lead that never bought.
    is_marked = is_customer(prospect) or happens(rng, 0.004)
    lead.is_customer = True if is_marked else sometimes(rng, 0.8, False)
    # Nobody ticked it for some customers, of whom the stage alone tells.
    has_stage = lead.lifecycle_stage is not None
    if is_customer(prospect) and has_stage and happens(prospect.stream("unticked"), 0.05):
        lead.is_customer = None


def is_customer(prospect: Prospect) -> bool:
    """Whether the lead has bought before the end of the data."""
    return prospect.is_cross_sell or prospect.journey.has_won_by(DATA_END)


def _stage(rng: Random, prospect: Prospect) -> str:
    if prospect.is_cross_sell:
        return "customer"
    deal = prospect.journey.deal
    return rng.choice(_EARLY_STAGES if deal is None else _STAGES[deal.stage])


def _add_person(rng: Random, lead: Lead, prospect: Prospect) -> None:
    person = prospect.person
    lead.full_name = _typed_name(rng, person)
    if happens(rng, 0.84):
        lead.country = rng.choice(person.country.spellings)
    if happens(rng, 0.45):
        lead.city, lead.region = rng.choice(person.country.cities)
        lead.region = sometimes(rng, 0.7, lead.region)


def _typed_name(rng: Random, person: Person) -> str | None:
    name = f"{person.first_name} {person.last_name}"
    forms: tuple[tuple[str | None, float], ...] = (
        (name, 76), (name.upper(), 5), (name.lower(), 5), (f"{name} ", 2), (None, 6),
        (f"{person.last_name}, {person.first_name}", 3), (person.first_name, 3),
    )  # fmt: skip
    return weighted(rng, forms)


def _add_work(rng: Random, lead: Lead, prospect: Prospect, company: CompanyProfile) -> None:
    lead.audience = sometimes(rng, 0.6, "b2b")
    lead.company_id = sometimes(rng, 0.94, company.account.account_id)
    if happens(rng, 0.75):
        lead.company_name = rng.choice(
            (company.name, company.name, company.short_name, company.name.upper())
        )
    lead.job_title = _typed_title(rng, prospect.person, company)
    if happens(rng, 0.15):
        lead.experience_years = rng.randint(*_EXPERIENCE[prospect.journey.seniority])


def _typed_title(rng: Random, person: Person, company: CompanyProfile) -> str | None:
    if happens(rng, 0.10):
        return None if happens(rng, 0.8) else ""
    language = person.country.language if happens(rng, 0.78) else "en"
    if happens(rng, 0.035):
        return rng.choice(_titles(language, "any", "noise", person.gender))
    title = rng.choice(_titles(language, person.role, person.seniority, person.gender))
    return weighted(
        rng,
        ((title, 74), (title.upper(), 7), (title.lower(), 7), (f" {title}", 2),
         (title.replace(" ", "  "), 3), (f"{title} @ {company.short_name}", 2),
         (_without_accents(title), 5)),
    )  # fmt: skip


def _titles(language: str, role: str, seniority: str, gender: str) -> list[str]:
    """Return the titles of a position, in English where the language has none for it."""
    known = vocabulary.titles()
    for spoken in (language, "en"):
        found = [*known.get((spoken, role, seniority, ""), ())]
        found += known.get((spoken, role, seniority, gender), ())
        if found:
            return found
    raise ValueError(f"titles.csv has no title for {role}, {seniority}")


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _add_consumer(rng: Random, lead: Lead, person: Person) -> None:
    lead.audience = sometimes(rng, 0.85, "b2c")
    spelling = {"f": ("female", "F", "mujer"), "m": ("male", "M", "hombre")}[person.gender]
    lead.gender = sometimes(rng, 0.6, rng.choice(spelling))
    if happens(rng, 0.6):
        born = date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))
        lead.birth_date = born.isoformat()
    lead.purchasing_power = sometimes(rng, 0.5, rng.choice(("low", "medium", "medium", "high")))
    lead.lifestyle = sometimes(
        rng, 0.4, rng.choice(("family", "sporty", "traveller", "urban", "homebody"))
    )
    lead.education = sometimes(
        rng, 0.45, rng.choice(("secondary", "vocational", "bachelor", "Bachelor", "master"))
    )
    if happens(rng, 0.3):
        lead.experience_years = rng.randrange(35)


def _updated_at(rng: Random, journey: Journey, created_at: datetime) -> datetime:
    """Return when somebody last kept the record: often never again after it was made."""
    if happens(rng, 0.5):
        return created_at
    age = (DATA_END - journey.created_on).days
    return created_at + timedelta(days=rng.randrange(min(age, 200)))
