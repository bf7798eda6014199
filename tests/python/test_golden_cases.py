"""The two leads that everybody agrees about, scored by the shipped rules (R127, R128)."""

from pathlib import Path

from conftest import build, write_csv


def test_the_perfect_lead_is_on_top_and_the_lost_one_at_the_bottom(tmp_path: Path) -> None:
    """R127: web visits, downloads, three of three mails opened, fits profile and persona.

    R128: only the e-mail is known, and it unsubscribes.
    """
    raw = tmp_path / "raw"
    raw.mkdir()
    case_a: dict[str, object] = {
        "lead_id": "case_a",
        "email": "marta.ruiz@fabrica.example",
        "full_name": "Marta Ruiz",
        "job_title": "Directora de Operaciones",
        "company_id": "fabrica",
        "country": "España",
        "lead_source": "website",
        "origin": "inbound",
        "audience": "b2b",
        "updated_at": "2026-05-01",
    }
    case_b: dict[str, object] = dict.fromkeys(case_a, "")
    case_b |= {"lead_id": "case_b", "email": "someone@firma.example", "audience": "b2b"}
    write_csv(raw / "leads.csv", [case_a, case_b])
    write_csv(
        raw / "companies.csv",
        [
            {
                "company_id": "fabrica",
                "name": "Fábrica",
                "industry": "Manufacturing",
                "employee_count": "300",
                "annual_revenue": "40 million",
                "country": "Spain",
            }
        ],
    )
    happened = [
        *[("page_view", f"https://we.example/{page}", "") for page in ("", "pricing", "product/a")],
        *[("page_view", f"https://we.example/case-studies/{n}", "") for n in range(4)],
        *[("download", "https://we.example/docs/roi", "") for _ in range(3)],
        *[("email_delivered", "", f"m{n}") for n in range(3)],
        *[("email_open", "", f"m{n}") for n in range(3)],
    ]
    events: list[dict[str, object]] = [
        {
            "event_id": f"a{number}",
            "lead_id": "case_a",
            "event_type": event_type,
            "occurred_at": f"2026-05-{10 + number:02} 10:00:00",
            "channel": "email" if message else "organic",
            "url": url,
            "message_id": message,
        }
        for number, (event_type, url, message) in enumerate(happened)
    ]
    events.append(
        {**events[0], "event_id": "b", "lead_id": "case_b", "event_type": "unsubscribe", "url": ""}
    )
    write_csv(raw / "events.csv", events)

    scored, said = build(tmp_path, raw, "2026-05-28")

    assert said.returncode == 0, said.stdout + said.stderr
    rows = scored.query(
        """
        select lead_id, band, next_step, is_contactable, rank, lead_scores.score
        from marts.lead_scores where scorecard_id = 'b2b' order by rank
        """
    )
    (top, bottom) = rows
    assert top[:5] == ("case_a", "sql", "sales", True, 1)
    assert bottom[:5] == ("case_b", "visitor", "none", False, 2)
