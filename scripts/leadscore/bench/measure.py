"""Running a job in a process of its own, and what it took: time, memory, bytes."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

SAMPLE_SECONDS = 0.05


@dataclass
class Measured:
    """What a job took.

    Attributes:
        seconds: by its own watch if it has one, else from start to end of the process.
        peak_bytes: most resident memory of the process and its children together.
        written_bytes: what they wrote to disk; null where the system does not tell.
        spilled_bytes: most that lay in temporary folders of DuckDB at once.
        said: what the job said of itself.
        error: why it failed; null if it did not.
    """

    seconds: float
    peak_bytes: int = 0
    written_bytes: int | None = None
    spilled_bytes: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


@dataclass
class Sampler:
    """Watches a process and its children."""

    process: psutil.Process
    folder: Path
    peak_bytes: int = 0
    spilled_bytes: int = 0
    written: dict[int, int] = field(default_factory=dict)

    def sample(self) -> None:
        """Looks once; processes that have just ended are no longer there to see."""
        resident = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in [self.process, *self.process.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    resident += process.memory_info().rss
                    if hasattr(process, "io_counters"):
                        self.written[process.pid] = process.io_counters().write_bytes
        self.peak_bytes = max(self.peak_bytes, resident)
        spilled = 0
        for file in self.folder.glob("**/*.tmp/*"):
            with contextlib.suppress(FileNotFoundError):
                spilled += file.stat().st_size
        self.spilled_bytes = max(self.spilled_bytes, spilled)


def measure(
    job: str, folder: Path, arguments: Mapping[str, object], environment: Mapping[str, str] = {}
) -> Measured:
    """Runs a job of `jobs` and measures it; a job that fails has an error and no exception.

    Args:
        job: its name.
        folder: where its databases lie; temporary folders of DuckDB are looked for in it.
        arguments: those of the job, as JSON can hold them.
        environment: variables to set.
    """
    with tempfile.TemporaryDirectory() as place:
        said_file = Path(place) / "said.json"
        command = [sys.executable, "-m", "leadscore.bench.jobs", job]
        command += [json.dumps(arguments), str(said_file)]
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        sampler = Sampler(psutil.Process(process.pid), folder)
        while process.poll() is None:
            sampler.sample()
            time.sleep(SAMPLE_SECONDS)
        seconds = time.perf_counter() - start
        assert process.stderr is not None
        complaint = process.stderr.read().strip()
        process.stderr.close()
        said = json.loads(said_file.read_text(encoding="utf-8")) if said_file.exists() else {}
    error = said.get("error")
    if process.returncode:
        last_words = complaint.splitlines()[-1] if complaint else "no word, perhaps out of memory"
        error = f"ended with code {process.returncode}: {last_words}"
    return Measured(
        seconds=said.get("seconds", seconds),
        peak_bytes=sampler.peak_bytes,
        written_bytes=sum(sampler.written.values()) if sampler.written else None,
        spilled_bytes=sampler.spilled_bytes,
        said=said,
        error=error,
    )
