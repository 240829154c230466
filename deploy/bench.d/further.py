"""What is measured of Culvert alone: its start, its order, its size. Each returns a dictionary of figures."""

import json
import os
import statistics
import subprocess
import time

import crowd as many
import functions
from culvert import Node
from measures import finish
from subjects import CulvertWireguard, culvert_variant
from topology import Topology

QUEUES = (1, 2)
CROWDS = (1, 1_000, 10_000)
PEERS = 1_000
KEEPALIVE_SECONDS = 25


class Up:
    """A subject that is up inside a with statement."""

    def __init__(self, kind, underlay, settings, log_pauses=False):
        self.subject = kind(underlay, settings)
        self.subject.log_pauses = log_pauses

    def __enter__(self):
        try:
            self.subject.set_up()
        except BaseException:
            self.subject.tear_down()
            raise
        return self.subject

    def __exit__(self, *error):
        self.subject.tear_down()


def ready(underlay, settings):
    """Seconds from exec to readiness of one node on an otherwise quiet machine."""
    figures = []
    for _ in range(settings.rounds):
        topology = Topology("ready", underlay)
        try:
            topology.up()
            node = Node(topology, "a", settings.deploy, settings.fresh_directory())
            node.start()
            node.await_ready()
            figures.append(node.ready_seconds)
        finally:
            topology.down()
    return {"seconds": figures, "median": statistics.median(figures)}


def fresh(underlay, settings):
    """TCP in the third second of traffic, nodes just ready and the tunnel just APPLIED, as a fraction of the same nodes' steady rate."""
    third, steady, fractions = [], [], []
    for _ in range(settings.rounds):
        settings.work = settings.fresh_directory()
        with Up(culvert_variant("fresh", kind=settings.kind), underlay, settings) as subject:
            first = intervals(subject.path.iperf_run("-t", 4, "-i", 1))
            subject.path.tcp_gbits(1, settings.lengths.warm_up)
            later = intervals(subject.path.iperf_run("-t", 5, "-i", 1))
        third.append(first[2])
        steady.append(statistics.median(later))
        fractions.append(third[-1] / steady[-1])
    return {"third_second_gbits": third, "steady_gbits": steady, "fractions": fractions, "median": statistics.median(fractions)}


def intervals(report):
    return [i["sum"]["bits_per_second"] / 1e9 for i in report["intervals"]]


def order(underlay, settings):
    """Datagrams that overtook another of their flow, as the receiving iperf3 counts them, with one queue and with two."""
    figures = {}
    for queues in QUEUES:
        with Up(culvert_variant(f"q{queues}", queues=queues), underlay, settings) as subject:
            for size, streams in ((64, 1), (1400, 1), (64, 4), (1400, 4)):
                server = subject.path.serve(5202, "-1", "-J", out=subprocess.PIPE)
                try:
                    subject.path.iperf_run("-u", "-b", "0", "-l", size, "-P", streams, "-t", settings.lengths.seconds, port=5202)
                    report = json.loads(server.communicate(timeout=30)[0])
                finally:
                    finish(server, 1)
                received = [stream["udp"] for stream in report["end"]["streams"]]
                figures[f"queues {queues}, {size} bytes, {streams} streams"] = {
                    "out_of_order": sum(udp["out_of_order"] for udp in received),
                    "delivered": sum(udp["packets"] - udp["lost_packets"] for udp in received)}
    return {"runs": figures, "out_of_order": sum(run["out_of_order"] for run in figures.values())}


def peers(underlay, settings):
    """The same traffic with 1, 1,000 and 10,000 peers of 10 prefixes each in the tunnel, as ratios to 1 peer in the same round."""
    up, values = [], {crowd: {"tcp1": [], "udp64": []} for crowd in CROWDS}
    made, skipped = {}, {}
    try:
        for crowd in CROWDS:
            subject = culvert_variant(f"p{crowd}", crowd=0 if crowd == 1 else crowd - 1)(underlay, settings)
            up.append((crowd, subject))
            begun = time.monotonic()
            try:
                subject.set_up()
            except RuntimeError as error:
                skipped[crowd] = str(error)
                up.pop()[1].tear_down()
                continue
            made[crowd] = time.monotonic() - begun
            subject.path.tcp_gbits(1, settings.lengths.warm_up)
            subject.path.udp_kpps(settings.lengths.warm_up)
        for _ in range(settings.rounds):
            for crowd, subject in up:
                values[crowd]["tcp1"].append(subject.path.tcp_gbits(1, settings.lengths.seconds))
                values[crowd]["udp64"].append(subject.path.udp_kpps(settings.lengths.seconds))
    finally:
        for _, subject in up:
            subject.tear_down()
    figures = {"values": {str(crowd): v for crowd, v in values.items()}, "set_up_seconds": {str(c): s for c, s in made.items()},
               "skipped": {str(c): why for c, why in skipped.items()}}
    for crowd in [c for c in CROWDS[1:] if c in made]:
        for row in ("tcp1", "udp64"):
            figures[f"{row}, {crowd} peers to 1"] = statistics.median(
                many / one for many, one in zip(values[crowd][row], values[1][row]))
    return figures


def memory(underlay, settings, more=8):
    """Anonymous resident memory of a node with one tunnel under load, and what each further tunnel adds."""
    with Up(culvert_variant("memory"), underlay, settings) as subject:
        nodes = subject.pair.nodes.values()
        highest = 0
        load = subprocess.Popen(subject.path.client_command("-P", "4", "-t", settings.lengths.warm_up + settings.lengths.seconds),
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
        while load.poll() is None:
            highest = max([highest] + [node.anonymous_kib() for node in nodes])
            time.sleep(0.2)
        before = [node.anonymous_kib() for node in nodes]
        for number in range(1, more + 1):
            subject.pair.tunnel(name=f"tun{number}", port=7000 + number, prefixes={s: [f"10.{100 + number}.0.0/16"] for s in "ab"})
        time.sleep(2)
        after = [node.anonymous_kib() for node in nodes]
    return {"under_load_mib": highest / 1024, "further_tunnel_mib": max(a - b for a, b in zip(after, before)) / 1024 / more}


def garbage(underlay, settings):
    """Collections and pauses during a run at full rate, and how fast the heap fills under load and at rest."""
    with Up(culvert_variant("garbage", kind=settings.kind), underlay, settings, log_pauses=True) as subject:
        nodes = list(subject.pair.nodes.values())
        subject.path.tcp_gbits(1, settings.lengths.warm_up)

        def collections():
            return [node.metrics().get("jvm_gc_pause_seconds_count", 0) for node in nodes]

        def during(action, seconds):
            # The heap is read last before and first after: serving the metrics allocates.
            before, heap = collections(), [node.young_used_kib() for node in nodes]
            passed = [len(node.pauses()) for node in nodes]
            action(seconds)
            pauses = [pause for node, first in zip(nodes, passed) for pause in node.pauses()[first:]]
            heap2, after = [node.young_used_kib() for node in nodes], collections()
            grown = [None if None in (a, b) or b < a else (b - a) / seconds for a, b in zip(heap, heap2)]
            return {"collections": sum(b - a for a, b in zip(before, after)), "kib_a_second": grown, "pauses": len(pauses),
                    "longest_pause_ms": max([ms for _, ms in pauses], default=0),
                    "pauses_over_5_ms": [f"{why}: {ms:.1f} ms" for why, ms in pauses if ms > 5]}

        seconds = settings.garbage_seconds
        during(time.sleep, 1)  # the first reading loads classes
        return {"seconds": seconds, "rest": during(time.sleep, seconds), "tcp1": during(lambda s: subject.path.tcp_gbits(1, s), seconds),
                "udp64": during(subject.path.udp_kpps, seconds)}


def profile(underlay, settings):
    """Where the time goes by function while one TCP stream crosses; the picture lies beside the table."""
    if why := functions.missing():
        raise RuntimeError(why)
    with Up(culvert_variant("profile", kind=settings.kind), underlay, settings) as subject:
        subject.path.tcp_gbits(1, 2 * settings.lengths.warm_up)
        found = functions.sample([node.pid for node in subject.pair.nodes.values()], settings.garbage_seconds,
                                 lambda seconds: subject.path.tcp_gbits(1, seconds), settings.work)
    name = f"profile-{settings.kind.name}-{underlay}.svg"
    os.makedirs(settings.out, exist_ok=True)
    with open(os.path.join(settings.out, name), "w") as file:
        file.write(functions.chart(found, f"Where the time goes: {settings.kind.name}, one TCP stream, {underlay} underlay",
                                   f"perf record -a for {settings.garbage_seconds} s; percent of all cores, by function"))
    largest = sorted(((percent, key) for key, percent in found.items()), reverse=True)[:40]
    return {"picture": name, "parts": functions.parts(found),
            "functions": {f"{part}: {symbol}": percent for percent, (part, symbol) in largest}}


def idle(underlay, settings):
    """Share of a core that a node with a tunnel takes while nothing passes, in percent."""
    with Up(culvert_variant("idle"), underlay, settings) as subject:
        subject.path.tcp_gbits(1, settings.lengths.warm_up)
        time.sleep(settings.settle_seconds)  # what is still being compiled
        nodes = list(subject.pair.nodes.values())
        seconds = settings.idle_seconds
        before, begun = [node.cpu_seconds_by_thread() for node in nodes], time.monotonic()
        time.sleep(seconds)
        spent, after = time.monotonic() - begun, [node.cpu_seconds_by_thread() for node in nodes]
        share = [{name: 100 * (total - b.get(name, 0)) / spent for name, total in a.items()} for a, b in zip(after, before)]
        return {"seconds": seconds, "percent_of_a_core": [sum(of.values()) for of in share],
                "busiest_threads": dict(sorted(share[0].items(), key=lambda item: -item[1])[:4])}


def crowd(underlay, settings):
    """1,000 peers that all begin at once: seconds until the last has a session, by themselves and by the node; then the share of a core
    that the node takes while they and it say no more than that they live, in percent. A new node and new peers in each round."""
    seconds, confirmed, shares, asked = [], [], [], []
    for _ in range(settings.rounds):
        topology, initiators = Topology("crowd", underlay), None
        try:
            topology.up()
            many.addresses(topology)
            node = Node(topology, "a", settings.deploy, settings.fresh_directory())
            node.start()
            node.await_ready()
            key = node.put("/api/v1/tunnels/wg0", {"transport": "wireguard", "listen": [f"0.0.0.0:{many.PORT}"]})["publicKey"]
            initiators = many.Initiators(topology, settings, key, PEERS, KEEPALIVE_SECONDS)
            connection = node.connection()
            for number, public in enumerate(initiators.keys):
                node.put(f"/api/v1/tunnels/wg0/peers/p{number}", {
                    "publicKey": public, "allowedPrefixes": [f"10.70.{number // 250}.{1 + number % 250}/32"], "installRoutes": False,
                    "persistentKeepalive": KEEPALIVE_SECONDS}, connection)
            took, initiations, cookies = initiators.begin()
            begun = time.monotonic() - took
            while sessions(node, connection) < PEERS:
                if time.monotonic() > begun + 30:
                    raise RuntimeError(f"only {sessions(node, connection)} of {PEERS} sessions on the node")
                time.sleep(0.05)
            confirmed.append(time.monotonic() - begun)
            connection.close()
            seconds.append(took)
            asked.append({"initiations": initiations, "cookies": cookies})
            time.sleep(settings.settle_seconds)
            before, begun = node.cpu_seconds_by_thread(), time.monotonic()
            time.sleep(settings.idle_seconds)
            spent, after = time.monotonic() - begun, node.cpu_seconds_by_thread()
            shares.append(100 * sum(total - before.get(name, 0) for name, total in after.items()) / spent)
            alive = sessions(node)
            if alive != PEERS:
                raise RuntimeError(f"only {alive} of {PEERS} sessions are left after the rest")
        finally:
            if initiators:
                initiators.close()
            topology.down()
    return {"seconds": seconds, "median": statistics.median(seconds), "confirmed_seconds": confirmed,
            "confirmed_median": statistics.median(confirmed), "asked": asked, "idle_percent_of_a_core": shares,
            "idle_median": statistics.median(shares)}


def sessions(node, connection=None):
    """How many peers of wg0 have a session."""
    peers_now = json.loads(node.call("GET", "/api/v1/tunnels/wg0/peers", None, connection))
    listed = peers_now if isinstance(peers_now, list) else peers_now.get("items", peers_now.get("peers"))
    return sum(1 for peer in listed if (peer.get("session") or {}).get("ageSeconds") is not None)


def flood(underlay, settings):
    """TCP of an established peer while the node is flooded with handshakes from 1,000 addresses, as a fraction of the same while the
    flood goes to a socket that nobody reads."""
    flooded, unread, rates, drops = [], [], [], {}
    with Up(culvert_variant("flood", kind=CulvertWireguard), underlay, settings) as subject:
        many.addresses(subject.topology)
        node = subject.pair.nodes["a"]
        tunnel = json.loads(node.call("GET", "/api/v1/tunnels/tun0"))
        key, port = tunnel["publicKey"], 7000
        subject.path.tcp_gbits(1, settings.lengths.warm_up)
        nobody = many.Unread(subject.topology, port + 1)
        try:
            # The first of each is not counted: the node meets its first flood there.
            for number in range(settings.rounds + 1):
                for to, figures in ((port + 1, unread), (port, flooded)):
                    sender = many.Flood(subject.topology, to, key)
                    try:
                        gbits = subject.path.tcp_gbits(1, settings.lengths.seconds)
                    finally:
                        rate = sender.close()
                    if number:
                        figures.append(gbits)
                        rates.append(rate)
        finally:
            nobody.close()
        drops = json.loads(node.call("GET", "/api/v1/tunnels/tun0"))["counters"]["drops"]
    fractions = [a / b for a, b in zip(flooded, unread)]
    return {"flooded_gbits": flooded, "unread_gbits": unread, "fractions": fractions, "median": statistics.median(fractions),
            "sent_a_second": statistics.median(rates), "drops": drops}


FURTHER = {f.__name__: f for f in (ready, fresh, order, peers, memory, garbage, profile, idle, crowd, flood)}

# Those that are also measured of a WireGuard tunnel where such a subject is named.
SEALED = ("fresh", "garbage", "profile")
