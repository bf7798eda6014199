"""`leadscore bench`: how fast and how good the project is, measured again by whoever doubts it.

Each part is a command of this app, in a module of its own (`commands` holds what they share with
the command line). What a benchmark needs is imported when it runs: `leadscore check` does not wait
for it.
"""

import typer

from leadscore.bench import quality

app = typer.Typer(
    help="Measure the project: its speed beside simpler ways, and its quality.",
    no_args_is_help=True,
)


@app.callback()
def bench() -> None:
    """Measure the project: its speed beside simpler ways, and its quality."""


# Parts: one line each. A part is `name.command`, a function with Typer options.
app.command("quality")(quality.command)
# app.command("titles")(titles.command)
