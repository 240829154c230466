"""The rows: what is measured between the containers of a subject, whatever joins them."""

import json
import math
import re
import statistics
import subprocess
import time

from topology import in_namespace

# Each with its unit, whether more is better, and what it is.
ROWS = {
    "tcp1": ("Gbit/s", True, "TCP, 1 stream"),
    "tcp4": ("Gbit/s", True, "TCP, 4 streams"),
    "udp64": ("kpps", True, "64-byte UDP delivered"),
    "rtt5": ("ms", False, "round trip, pings 5 ms apart"),
    "rtt200": ("ms", False, "round trip, pings 200 ms apart"),
    "p99load": ("ms", False, "round trip p99 under 4 TCP streams"),
}


class Lengths:
    """How long each run is."""

    def __init__(self, seconds, quick):
        self.seconds = seconds
        self.warm_up = 2 if quick else 8
        self.pings5, self.pings200 = (150, 6) if quick else (600, 25)


class Path:
    """From a client's namespace to a server's: the two ends between which everything is measured."""

    def __init__(self, client, server, address):
        self.client, self.server, self.address = client, server, address
        self.iperf = None

    def open(self):
        self.iperf = self.serve(5201)

    def serve(self, port, *more, out=subprocess.DEVNULL):
        process = subprocess.Popen(in_namespace(self.server, "iperf3", "-s", "-p", port, *more), stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 5
        while not re.search(rf":{port}\b", subprocess.run(in_namespace(self.server, "ss", "-Hltn"), capture_output=True, text=True).stdout):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"iperf3 does not listen in {self.server}")
            time.sleep(0.02)
        return process

    def close(self):
        if self.iperf:
            self.iperf.kill()
            self.iperf.wait()

    def await_open(self):
        deadline = time.monotonic() + 20
        while subprocess.run(self.ping("-c", "1", "-W", "1"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            if time.monotonic() > deadline:
                raise RuntimeError(f"no ping from {self.client} to {self.address} after 20 s")

    def ping(self, *arguments):
        return in_namespace(self.client, "ping", "-n", *arguments, self.address)

    def client_command(self, *arguments, port=5201):
        return in_namespace(self.client, "iperf3", "-c", self.address, "-p", port, "-J", *arguments)

    def iperf_run(self, *arguments, port=5201):
        """One run's JSON. A run can meet a server that is still busy with the one before, so it is tried again."""
        for attempt in range(3):
            done = subprocess.run(self.client_command(*arguments, port=port), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=120)
            try:
                report = json.loads(done.stdout)
            except ValueError:
                report = {"error": done.stderr.strip() or "no report"}
            if "error" not in report:
                return report
            time.sleep(0.5)
        raise RuntimeError(f"iperf3 {' '.join(map(str, arguments))}: {report['error']}")

    def tcp_gbits(self, streams, seconds):
        return self.iperf_run("-P", streams, "-t", seconds)["end"]["sum_received"]["bits_per_second"] / 1e9

    def udp_kpps(self, seconds):
        total = self.iperf_run("-u", "-l", "64", "-b", "0", "-t", seconds)["end"]["sum"]
        return (total["packets"] - total["lost_packets"]) / total["seconds"] / 1e3

    def round_trips_ms(self, count, interval):
        """Round trips of single pings; those lost are not in it."""
        text = subprocess.run(self.ping("-c", count, "-i", interval, "-W", "1"), capture_output=True, text=True,
                              timeout=count * interval * 4 + 30).stdout
        return [float(t) for t in re.findall(r"time=([0-9.]+) ms", text)]


def percentile(values, fraction):
    ordered = sorted(values)
    return ordered[max(0, math.ceil(fraction * len(ordered)) - 1)]


def measure(path, row, lengths):
    """One figure and what else the run told."""
    if row == "tcp1":
        return path.tcp_gbits(1, lengths.seconds), {}
    if row == "tcp4":
        return path.tcp_gbits(4, lengths.seconds), {}
    if row == "udp64":
        return path.udp_kpps(lengths.seconds), {}
    if row in ("rtt5", "rtt200"):
        count, interval = (lengths.pings5, 0.005) if row == "rtt5" else (lengths.pings200, 0.2)
        trips = path.round_trips_ms(count, interval)
        if not trips:
            raise RuntimeError("no ping came back")
        return statistics.mean(trips), spread(trips, count)
    if row == "p99load":
        load = subprocess.Popen(path.client_command("-P", "4", "-t", lengths.seconds + 1), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            time.sleep(0.5)
            count = int(lengths.seconds / 0.01)
            trips = path.round_trips_ms(count, 0.01)
        finally:
            finish(load, 6)
        if not trips:
            raise RuntimeError("no ping came back")
        return percentile(trips, 0.99), spread(trips, count)
    raise ValueError(row)


def finish(process, seconds):
    """Waits for a program that ends by itself, not for ever."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def spread(trips, sent):
    return {"sent": sent, "received": len(trips), "median": statistics.median(trips), "p99": percentile(trips, 0.99), "max": max(trips)}
