"""Where the time goes on both cores while one TCP stream crosses: by function, from perf, of the whole machine."""

import os
import re
import shutil
import subprocess
import threading
from xml.sax.saxutils import escape

SAMPLES_A_SECOND = 499
SHOWN = 28
CIPHER_LIBRARIES = ("libcrypto", "libgcrypt", "libgpg-error")
# What a function belongs to, by the thread and the object that perf names; the first that fits.
PARTS = (
    ("idle", lambda thread, of, symbol: thread.startswith("swapper")),
    ("ciphers", lambda thread, of, symbol: any(name in of for name in CIPHER_LIBRARIES)),
    ("iperf3", lambda thread, of, symbol: thread.startswith("iperf3")),
    ("compilers", lambda thread, of, symbol: thread.startswith(("C1 Comp", "C2 Comp"))),
    ("agents, kernel", lambda thread, of, symbol: "kernel" in of and is_agent(thread)),
    ("agents, own code", lambda thread, of, symbol: is_agent(thread)),
    ("other", lambda thread, of, symbol: True),
)
COLOURS = {"idle": "#cbd2d9", "ciphers": "#7c5cbf", "iperf3": "#9aa5b1", "compilers": "#b7791f", "agents, kernel": "#2b6cb0",
           "agents, own code": "#2f855a", "other": "#e2e8f0"}


def is_agent(thread):
    return thread.startswith(("out-", "in-", "cond-"))


def missing():
    return None if shutil.which("perf") else "there is no perf (Debian package linux-perf)"


def sample(pids, seconds, load, work):
    """Percent of both cores by (part, thread, object, function), while the load runs."""
    jcmd = os.path.join(os.environ["JAVA_HOME"], "bin", "jcmd")
    data = os.path.join(work, "perf.data")
    run = threading.Thread(target=load, args=(seconds + 1,))
    run.start()
    try:
        subprocess.run(["perf", "record", "-q", "-a", "-F", str(SAMPLES_A_SECOND), "-o", data, "--", "sleep", str(seconds)],
                       check=True, capture_output=True)
    finally:
        run.join()
    for pid in pids:  # afterwards, for by then everything has its place
        subprocess.run([jcmd, str(pid), "Compiler.perfmap"], check=False, capture_output=True, timeout=60)
    text = subprocess.run(
        ["perf", "report", "-i", data, "--stdio", "--no-children", "-F", "overhead,comm,dso,sym", "-t", "\t", "-w", "0,0,0,0"],
        check=True, capture_output=True, text=True).stdout
    for pid in pids:
        try:
            os.remove(f"/tmp/perf-{pid}.map")
        except FileNotFoundError:
            pass
    found = {}
    for line in text.splitlines():
        fields = [field.strip() for field in line.split("\t")]
        if len(fields) != 4 or not fields[0].endswith("%"):
            continue
        percent, thread, of, symbol = float(fields[0][:-1]), fields[1], fields[2], tidy(fields[3])
        part = next(name for name, fits in PARTS if fits(thread, of, symbol))
        key = (part, symbol)
        found[key] = found.get(key, 0) + percent
    return found


def tidy(symbol):
    """Without perf's column of where it is, and of a Java method its class and name."""
    symbol = re.sub(r"^\[[^]]\]\s*", "", symbol)
    java = re.match(r"(?:\S+ )?(?:[\w$]+[./])*([\w$]+);?(?:\.|::)([\w$<>]+)\(", symbol)
    return f"{java.group(1)}.{java.group(2)}" if java else symbol.split("(")[0]


def parts(found):
    sums = {name: 0.0 for name, _ in PARTS}
    for (part, _), percent in found.items():
        sums[part] += percent
    return sums


def chart(found, title, subtitle):
    """The functions as bars, the largest first, coloured by what they belong to."""
    largest = sorted(((p, key) for key, p in found.items() if key[0] != "idle"), reverse=True)[:SHOWN]
    label, width, bar, gap, left = 330, 420, 15, 5, 16
    height = 96 + len(largest) * (bar + gap) + 16
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{label + width + 2 * left + 60}" height="{height}" '
           'font-family="system-ui, sans-serif" font-size="12">',
           '<rect width="100%" height="100%" fill="#ffffff"/>',
           f'<text x="{left}" y="26" font-size="18" font-weight="600" fill="#1f2933">{escape(title)}</text>',
           f'<text x="{left}" y="46" fill="#52606d">{escape(subtitle)}</text>']
    x = left
    for name, percent in parts(found).items():
        text = f"{name} {percent:.0f} %"
        out += [f'<rect x="{x}" y="58" width="11" height="11" rx="2" fill="{COLOURS[name]}"/>',
                f'<text x="{x + 16}" y="68" fill="#323f4b">{escape(text)}</text>']
        x += 34 + 6.6 * len(text)
    y = 84
    scale = width / max((p for p, _ in largest), default=1)
    for percent, (part, symbol) in largest:
        out += [f'<text x="{left + label - 8}" y="{y + 12}" text-anchor="end" fill="#323f4b">{escape(symbol[:52])}</text>',
                f'<rect x="{left + label}" y="{y}" width="{max(percent * scale, 1):.1f}" height="{bar}" rx="2" fill="{COLOURS[part]}"/>',
                f'<text x="{left + label + percent * scale + 6:.1f}" y="{y + 12}" fill="#323f4b">{percent:.1f} %</text>']
        y += bar + gap
    return "\n".join(out + ["</svg>", ""])
