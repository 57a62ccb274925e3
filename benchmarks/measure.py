"""CPU and memory of a whole process tree, exact for short-lived processes where the kernel's cgroups can be used.

CPU seconds are those of the tree's own cgroup (v1 `cpuacct.usage` or v2 `cpu.stat`); without permission for one they are
summed over samples, and the result says so. Memory is the proportional set size (PSS) of the tree, sampled.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_EVERY_S = 0.25
PSS_EVERY = 6  # samples; reading it costs the kernel more than the rest
BROWSERS = ("chrom", "headless_shell", "headless-shell")


@dataclass(frozen=True)
class Measured:
    """What one run of a command cost."""

    cpu_s: float
    browser_cpu_s: float  # of it, the browser's processes
    wall_s: float
    peak_pss_mib: float
    output: str
    exit_code: int
    exact: bool  # by cgroup; False: summed over samples, short-lived processes are partly missed


def measure(command: Sequence[str], cwd: Path, environment: dict[str, str] | None = None) -> Measured:
    """Run a command to its end and measure its whole process tree. Its standard output is kept."""
    with _group() as group:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=group.enter if group else None,  # one thread
        )
        watch = _Watch(process)
        output = watch.to_the_end()
        wall = time.monotonic() - started
        time.sleep(0.3)  # the kernel adds the last processes' time when it has buried them
        others = sum(seconds for name, seconds in watch.cpu.values() if not _is_browser(name))
        sampled = sum(seconds for _, seconds in watch.cpu.values())
        total = group.cpu_s() if group else sampled
    return Measured(total, total - others, wall, watch.peak_pss / 2**20, output, process.returncode, group is not None)


class _Watch:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.cpu: dict[int, tuple[str, float]] = {}
        self.peak_pss = 0

    def to_the_end(self) -> str:
        samples = 0
        while True:
            try:
                output, _ = self.process.communicate(timeout=SAMPLE_EVERY_S)
                return output
            except subprocess.TimeoutExpired:
                self._sample(with_memory=samples % PSS_EVERY == 0)
                samples += 1

    def _sample(self, *, with_memory: bool) -> None:
        pss = 0
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(self.process.pid)
            for one in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.Error, OSError):
                    times = one.cpu_times()
                    self.cpu[one.pid] = (one.name(), times.user + times.system)
                    if with_memory:
                        pss += one.memory_full_info().pss
        self.peak_pss = max(self.peak_pss, pss)


def _is_browser(name: str) -> bool:
    return any(part in name for part in BROWSERS)


class _Group:
    """A cgroup of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def enter(self) -> None:
        (self.path / "cgroup.procs").write_text(str(os.getpid()))

    def cpu_s(self) -> float:
        if (self.path / "cpuacct.usage").exists():
            return int((self.path / "cpuacct.usage").read_text()) / 1e9
        fields = dict(line.split() for line in (self.path / "cpu.stat").read_text().splitlines())
        return int(fields["usage_usec"]) / 1e6


@contextlib.contextmanager
def _group() -> Iterator[_Group | None]:
    for root in (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup")):
        path = root / f"vierluik-bench-{uuid.uuid4().hex[:8]}"
        if not (root / "cgroup.procs").exists():
            continue
        try:
            path.mkdir()
        except OSError:
            continue
        try:
            yield _Group(path)
        finally:
            with contextlib.suppress(OSError):
                path.rmdir()
        return
    yield None
