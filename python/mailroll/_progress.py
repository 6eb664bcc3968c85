"""What progress=True draws."""

from __future__ import annotations

import importlib
import sys
from typing import Any


class Bar:
    """Draws each phase of long work to standard error: with tqdm where it is installed, else as plain lines."""

    def __init__(self) -> None:
        try:
            self._tqdm: Any = importlib.import_module("tqdm.auto").tqdm
        except ImportError:
            self._tqdm = None
        self._bar: Any = None
        self._phase = ""
        self._shown = -1

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Shows that `done` of `total` (0: unknown) of the phase is behind us: bytes for "read", else contacts."""
        if self._tqdm is None:
            self._print(phase, done, total)
            return
        if phase != self._phase:
            self.close()
            self._phase = phase
            unit = "B" if phase == "read" else " contacts"
            self._bar = self._tqdm(desc=phase, total=total or None, unit=unit, unit_scale=True)
        if total:
            self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Ends what is being drawn."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
        elif self._phase and sys.stderr.isatty():
            print(file=sys.stderr, flush=True)
        self._phase = ""
        self._shown = -1

    def _print(self, phase: str, done: int, total: int) -> None:
        if phase != self._phase:
            self.close()
            self._phase = phase
        # A line of its own for each tenth where nobody looks at a terminal; else one line that changes.
        terminal = sys.stderr.isatty()
        step = done * (100 if terminal else 10) // total if total else done // 100_000
        if step == self._shown:
            return
        self._shown = step
        text = f"{phase}: {done:,} of {total:,}" if total else f"{phase}: {done:,}"
        print(f"\r{text}" if terminal else text, end="" if terminal else "\n", file=sys.stderr, flush=True)
