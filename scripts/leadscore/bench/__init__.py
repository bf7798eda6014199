"""`leadscore bench`: how fast and how good the project is, measured again by whoever doubts it.

Each part is a command of this app, in a module of its own.
"""

import typer

from leadscore.bench import commands, quality, titles
from leadscore.display import for_people

app = typer.Typer(help="Measure the project: its speed beside simpler ways, and its quality.")


@app.callback(invoke_without_command=True)
@for_people
def bench(context: typer.Context) -> None:
    """Measure the project: its speed beside simpler ways, and its quality.

    Without a part: events, then daily, at the sizes of the README. That takes an hour.
    """
    if context.invoked_subcommand is None:
        commands.events()
        commands.daily()


# Parts: one line each, a function with Typer options.
app.command("events")(for_people(commands.events))
app.command("daily")(for_people(commands.daily))
app.command("quality")(for_people(quality.command))
app.command("titles")(for_people(titles.command))
