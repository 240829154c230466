"""Compares a JMH result with a saved one:  micro.py RESULT BASELINE [--save]"""

import json
import os
import sys

ALLOCATES = 0.5  # bytes an operation; below it is what the harness itself allocates


def figures(path):
    """Of JMH's JSON what is compared, by benchmark and parameters."""
    with open(path) as file:
        report = json.load(file)
    if isinstance(report, dict):
        return report["benchmarks"]
    result = {}
    for run in report:
        parameters = ", ".join(f"{name} {value}" for name, value in sorted(run.get("params", {}).items()))
        name = ".".join(run["benchmark"].split(".")[-2:]) + (f" ({parameters})" if parameters else "")
        allocated = run["secondaryMetrics"].get("gc.alloc.rate.norm", run["secondaryMetrics"].get("·gc.alloc.rate.norm"))
        result[name] = {"nanos": round(run["primaryMetric"]["score"], 3), "error": run["primaryMetric"]["scoreError"],
                        "bytes": round(allocated["score"], 3)}
        if not isinstance(result[name]["error"], float) or result[name]["error"] != result[name]["error"]:
            result[name]["error"] = None  # one iteration has none
        else:
            result[name]["error"] = round(result[name]["error"], 3)
    return result


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), None)


def main():
    result, baseline = figures(sys.argv[1]), sys.argv[2]
    before = figures(baseline) if os.path.exists(baseline) else {}
    width = max(map(len, result))
    print(f"{'':<{width}}  {'ns':>9}  {'±':>8}  {'bytes':>7}  {'was ns':>9}  {'ratio':>5}")
    worse = []
    for name, now in result.items():
        line = f"{name:<{width}}  {now['nanos']:9.2f}  {now['error'] or 0:8.2f}  {now['bytes']:7.2f}"
        if was := before.get(name):
            line += f"  {was['nanos']:9.2f}  {now['nanos'] / was['nanos']:5.2f}"
            if now["bytes"] > ALLOCATES >= was["bytes"]:
                worse.append(name)
        print(line)
    if "--save" in sys.argv:
        with open(baseline, "w") as file:
            json.dump({"processor": processor(), "benchmarks": {**before, **result}}, file, indent=1, ensure_ascii=False)
            file.write("\n")
        print(f"saved as {baseline}")
        return 0
    if not before:
        print(f"there is no baseline at {baseline}: deploy/bench-micro --save makes one")
    for name in worse:
        print(f"allocates, and did not: {name}")
    return 1 if worse else 0


sys.exit(main())
