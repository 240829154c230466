"""The orchestration of deploy/bench, which see for the arguments and for what is installed and built beforehand."""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import report
from further import FURTHER, SEALED
from measures import ROWS, Lengths, measure
from subjects import SUBJECTS, Culvert, Given
from topology import remove_leftovers, run

QUICK_SUBJECTS = ("direct", "reference", "culvert")


class Settings:
    def __init__(self, arguments, work):
        self.deploy, self.work_root, self.out = arguments.deploy, work, arguments.out
        self.work = self.fresh_directory()
        quick = arguments.quick
        self.rounds = arguments.rounds or (1 if quick else 5)
        self.lengths = Lengths(arguments.seconds or (2 if quick else 4), quick)
        self.garbage_seconds, self.idle_seconds, self.settle_seconds = (10, 5, 5) if quick else (30, 30, 15)
        self.offloads = read_json(arguments.offloads)
        self.plane = read_json(arguments.plane)

    def fresh_directory(self):
        return tempfile.mkdtemp(dir=self.work_root)


def read_json(text):
    if text is None:
        return None
    if not text.lstrip().startswith("{"):
        with open(text) as file:
            text = file.read()
    return json.loads(text)


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def parse():
    parser = argparse.ArgumentParser(prog="deploy/bench", add_help=False)
    parser.add_argument("command", nargs="?", choices=["down"])
    parser.add_argument("--deploy", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int)
    parser.add_argument("--underlay", choices=["plain", "wire", "both"], default="both")
    parser.add_argument("--only")
    parser.add_argument("--plane")
    parser.add_argument("--offloads")
    arguments = parser.parse_args()
    known = {*SUBJECTS, *ROWS, *FURTHER}
    names = [name for name in (arguments.only or "").split(",") if name]
    for name in names:
        if name not in known:
            parser.error(f"--only: '{name}' is none of {' '.join([*SUBJECTS, *ROWS, *FURTHER])}")
    for name in ("rounds", "seconds"):
        if getattr(arguments, name) is not None and getattr(arguments, name) < 1:
            parser.error(f"--{name} must be at least 1")
    # Names of one sort leave the other sorts as they would be, but asking for further measures alone asks for no rows, and the reverse.
    subjects = [n for n in SUBJECTS if n in names] or list(QUICK_SUBJECTS if arguments.quick else SUBJECTS)
    rows = [n for n in ROWS if n in names]
    further = [n for n in FURTHER if n in names]
    if not rows and not further:
        rows, further = list(ROWS), [] if arguments.quick or names else list(FURTHER)
    return arguments, subjects, rows, further


def measures(further, subjects, only):
    """Each further measure with the Culvert that it is of: the plain one, and those under a cipher that were named, if it is one of both."""
    for name in further:
        kinds = [SUBJECTS[each] for each in subjects if issubclass(SUBJECTS[each], Culvert)] if only and name in SEALED else []
        for kind in kinds or [Culvert]:
            yield name, kind


def compare(underlay, subjects, rows, settings, notes):
    """Every subject up, then rounds in which each row is measured of all of them in turn."""
    kinds = [SUBJECTS[name] for name in subjects] + ([Given] if settings.plane else [])
    up, values, details, versions = [], {}, {}, {}
    try:
        for kind in kinds:
            subject = kind(underlay, settings)
            if why := subject.missing():
                note(notes, f"{subject.name} is skipped: {why}")
                continue
            up.append(subject)
            try:
                subject.set_up()
            except (RuntimeError, OSError) as error:
                up.pop()
                subject.tear_down()
                note(notes, f"{subject.name} is skipped: {error}")
                continue
            values[subject.name], details[subject.name] = {row: [] for row in rows}, {row: [] for row in rows}
            versions[subject.name] = subject.version()
        for subject in up:
            if isinstance(subject, Culvert):  # the JVM's compilers; its first seconds are a row of their own
                subject.path.tcp_gbits(1, settings.lengths.warm_up)
                subject.path.udp_kpps(settings.lengths.warm_up)
            else:
                subject.path.tcp_gbits(1, 1)
        for number in range(settings.rounds):
            for row in rows:
                for subject in up:
                    try:
                        figure, detail = measure(subject.path, row, settings.lengths)
                    except (RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
                        note(notes, f"{underlay}, round {number + 1}, {row} of {subject.name} failed: {error}")
                        figure, detail = None, {}
                    values[subject.name][row].append(figure)
                    details[subject.name][row].append(detail)
            say(f"{underlay}: round {number + 1} of {settings.rounds} is done")
    finally:
        for subject in up:
            subject.tear_down()
    return values, details, versions


def note(notes, text):
    notes.append(text)
    say(text)


def machine():
    def first(path, key):
        with open(path) as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), None)
    return {"kernel": platform.release(), "architecture": platform.machine(), "cores": os.cpu_count(),
            "processor": first("/proc/cpuinfo", "model name"), "memory": first("/proc/meminfo", "MemTotal"),
            "load_average": os.getloadavg()}


def versions(deploy):
    top = os.path.dirname(deploy)
    java = os.path.join(os.environ["JAVA_HOME"], "release")
    with open(java) as file:
        java_version = next((line.split("=")[1].strip().strip('"') for line in file if line.startswith("JAVA_RUNTIME_VERSION")), None)
    git = ["git", "-c", f"safe.directory={top}", "-C", top]
    return {"culvert": run(*git, "describe", "--always", "--dirty", check=False).strip() if shutil.which("git") else None,
            "java": java_version, "iperf3": (run("iperf3", "--version", check=False).splitlines() or [None])[0],
            "python": platform.python_version()}


def main():
    arguments, subjects, rows, further = parse()
    if arguments.command == "down":
        say(f"removed {remove_leftovers()} namespaces")
        return 0
    # Ends like any other end: through every finally.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(128 + number))
    begun, notes = time.time(), []
    if os.getloadavg()[0] > 0.5:
        note(notes, f"the machine is busy (load average {os.getloadavg()[0]:.1f}): trust ratios, and those little")
    remove_leftovers()
    work = tempfile.mkdtemp(prefix="culvert-bench-")
    result = {"command": ["deploy/bench", *sys.argv[5:]], "begun": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun)),
              "machine": machine(), "versions": versions(arguments.deploy), "units": {row: ROWS[row][0] for row in ROWS}, "notes": notes,
              "underlays": {}}
    lines = []
    try:
        settings = Settings(arguments, work)
        result.update(rounds=settings.rounds, seconds=settings.lengths.seconds, offloads=settings.offloads)
        for underlay in ("plain", "wire") if arguments.underlay == "both" else (arguments.underlay,):
            of = result["underlays"][underlay] = {}
            if rows:
                of["values"], of["details"], of["versions"] = compare(underlay, subjects, rows, settings, notes)
                of["medians"], of["ratios"] = report.medians(of["values"]), report.ratios(of["values"])
                lines += report.table(underlay, of["values"]) + [""]
            for name, settings.kind in measures(further, subjects, arguments.only):
                settings.work = settings.fresh_directory()
                what = name if settings.kind is Culvert else f"{name} of {settings.kind.name}"
                say(f"{underlay}: {what}")
                try:
                    of.setdefault("further", {})[what] = FURTHER[name](underlay, settings)
                except (RuntimeError, ValueError, KeyError, OSError, subprocess.SubprocessError) as error:
                    note(notes, f"{underlay}, {what} failed: {error}")
            if of.get("further"):
                lines += report.further_lines(underlay, of["further"]) + [""]
    finally:
        remove_leftovers()
        shutil.rmtree(work, ignore_errors=True)
        result["took_seconds"] = round(time.time() - begun, 1)
    write(arguments.out, result, lines, rows)
    return 0


def write(out, result, lines, rows):
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "results.json"), "w") as file:
        json.dump(result, file, indent=1, ensure_ascii=False)
        file.write("\n")
    text = "\n".join(lines)
    with open(os.path.join(out, "table.txt"), "w") as file:
        file.write(text + "\n")
    files = "results.json, table.txt"
    if rows:
        of = result["machine"]
        subtitle = (f"Median ratios to the reference loop in C, {result['rounds']} {'round' if result['rounds'] == 1 else 'rounds'}, {result['begun'][:10]}, "
                    f"{of['cores']} cores, Linux {of['kernel']}; whiskers: lowest and highest")
        with open(os.path.join(out, "results.svg"), "w") as file:
            file.write(report.chart("Culvert and what else joins two hosts", subtitle,
                                    {u: of["values"] for u, of in result["underlays"].items()}))
        files += ", results.svg"
    # The folder is the checkout's, and so are its files.
    owner = os.stat(os.path.dirname(out))
    for name in ("", *os.listdir(out)):
        os.chown(os.path.join(out, name), owner.st_uid, owner.st_gid)
    print(text)
    for line in result["notes"]:
        print(f"note: {line}")
    print(f"{files} in {out}, after {result['took_seconds']:.0f} s")


sys.exit(main())
