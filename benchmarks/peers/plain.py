"""Plain Python: the decisions as `if` after `if`, written by hand."""

from collections.abc import Callable, Iterator, Sequence

from peers.counting import Facts
from peers.facts import lowered, weighed

PACKAGES = ()


def peer() -> Callable[[Sequence[Facts]], Iterator[Facts]]:
    return decided


def decided(audits: Sequence[Facts]) -> Iterator[Facts]:
    for f in audits:
        findings(f)
        capped(f)
        weighed(f)
        judged(f)
        yield f


def findings(f: Facts) -> None:
    """Decide the fifteen standards."""
    f["fd01"] = spent(f, "fd01", 1)
    f["as01"] = spent(f, "as01", 45)
    f["as02"] = seen(f)
    f["cn01"] = spent(f, "cn01", 28)
    f["cp01"] = spent(f, "cp01", 15)
    f["cp05"] = spent(f, "cp05", 10, 15)
    f["cp06"] = visited(f)
    f["sf01"] = returned(f)
    f["pl01"] = shared(f)
    f["pl02"] = written(f)
    f["cc01"] = in_care(f)
    f["su01"] = supervised(f)
    f["su02"] = reflected(f)
    f["ov01"] = overseen(f)
    f["rc01"] = spent(f, "rc01", 5)


def spent(f: Facts, name: str, limit: int, partly: int | None = None) -> int:
    longest = f[f"{name}_longest"]
    if longest > (partly or limit):
        return 6
    if f[f"{name}_undated"] or f[f"{name}_waiting"] > limit:
        return 5
    if longest > limit:
        return 4
    if cannot_tell(f, name):
        return 3
    if longest >= 0:
        return 2
    return 1 if f[f"{name}_waiting"] >= 0 else 0


def cannot_tell(f: Facts, name: str) -> bool:
    return f[f"{name}_unexamined"] > 0 or f[f"{name}_uncounted"] > 0


def seen(f: Facts) -> int:
    if f["as02_not_seen"]:
        return 6
    if f["as02_unsaid"]:
        return 5
    if f["as02_not_alone"]:
        return 4
    if cannot_tell(f, "as02"):
        return 3
    return 2 if f["as02_seen"] else 0


def visited(f: Facts) -> int:
    if f["cp06_unvisited"] > 10:
        return 7
    if f["cp06_undated"]:
        return 5
    if cannot_tell(f, "cp06"):
        return 3
    if f["cp06_visited"]:
        return 2
    return 1 if f["cp06_unvisited"] >= 0 else 0


def returned(f: Facts) -> int:
    if f["sf01_blank"]:
        return 7
    if f["sf01_late"]:
        return 6
    if cannot_tell(f, "sf01"):
        return 3
    if f["sf01_agreed"]:
        return 2
    return 1 if f["sf01_ahead"] else 0


def shared(f: Facts) -> int:
    share = f["pl01_share"]
    if share < 80:
        return 6
    if f["pl01_bare"]:
        return 5
    if share < 100:
        return 4
    if cannot_tell(f, "pl01"):
        return 3
    return 2 if share == 100 else 0


def written(f: Facts) -> int:
    if f["pl02_blank"]:
        return 5
    if cannot_tell(f, "pl02"):
        return 3
    return 2 if f["pl02_written"] else 0


def in_care(f: Facts) -> int:
    if f["cc01_late"]:
        return 6
    if f["cc01_undated"] or f["cc01_overdue"]:
        return 5
    if cannot_tell(f, "cc01"):
        return 3
    if f["cc01_kept"]:
        return 2
    return 1 if f["cc01_waiting"] > 0 else 0


def supervised(f: Facts) -> int:
    if f["su01_undated"]:
        return 3
    if f["su01_open"] < 31:
        return 0
    if f["su01_longest"] > 31:
        return 6
    if f["su01_waiting"] > 31:
        return 5
    if f["su01_uncounted"]:
        return 3
    return 2 if f["su01_longest"] >= 0 else 1


def reflected(f: Facts) -> int:
    if f["su02_unreflective"] or f["su02_lacking"]:
        return 6
    if f["su02_bare"]:
        return 5
    if cannot_tell(f, "su02"):
        return 3
    return 2 if f["su02_kept"] else 0


def overseen(f: Facts) -> int:
    if f["ov01_open"] < 0:
        return 3
    if f["ov01_open"] < 20:
        return 0
    if f["ov01_uncounted"]:
        return 3
    if f["ov01_over"]:
        return 0
    return 2 if f["ov01_entries"] else 5


def critical(outcome: int) -> int:
    return 1 if outcome >= 6 else 2 if outcome >= 4 else 9


def major(outcome: int) -> int:
    return 2 if outcome >= 5 else 3 if outcome == 4 else 9


def minor(outcome: int) -> int:
    return 3 if outcome >= 5 else 9


def capped(f: Facts) -> None:
    """Decide what each domain may have at best."""
    f["cap_decision_making"] = major(f["fd01"])
    f["cap_assessment"] = major(max(f["as01"], f["as02"]))
    f["cap_planning"] = min(major(f["pl01"]), minor(f["pl02"]))
    visits = max(f["cn01"], f["cp05"], f["cc01"])
    f["cap_visits"] = min(major(visits), critical(f["cp06"]))
    f["cap_oversight"] = min(major(f["su01"]), minor(max(f["su02"], f["ov01"])))
    f["cap_safety"] = min(major(f["cp01"]), critical(f["sf01"]))
    f["cap_recording"] = minor(f["rc01"])


def judged(f: Facts) -> None:
    """Decide the overall cap, what happens next and what the record would bear."""
    at_risk = min(critical(f["cp06"]), critical(f["sf01"]))
    cap = min(at_risk, 3 if f["weak"] == 1 else 9)
    missed = max(f["cp05"], f["cc01"], f["su01"]) >= 5
    own = 1 in (f["own_safety"], f["own_visits"], f["own_decision_making"])
    f["cap"] = min(cap, 2) if missed or own or f["weak"] >= 2 else cap
    f["alert"] = int(at_risk < 9)
    lowered(f)
    down, auditor = f["down"], f["auditor"]
    if f["alert"]:
        f["route"] = 3
    elif down >= 2 or (down >= 1 and f["moderated"] == 1):
        f["route"] = 2
    else:
        f["route"] = 1 if down >= 1 or f["votes"] > 0 else 0
    earned = min(f["cap"], 3)
    f["suggested"] = earned if f["any_met"] and earned > auditor > 0 else 0
