"""The three lists of rules, one after another, over the audits of a slice as arrays.

In: what is known of each audit, and the verdicts of the run. Out: the columns of `judgements`, a
number an audit; nought is none, but in a key and a route. Distinct keys are judged, and verdicts
stand in arrays in which a key is a place. What a rule proposes for the whole audit is a bit, so
that folding the proposals of all domains is an OR, and the lowest bit for a cap wins.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from engine.judgement.judge import ROUTES, Verdict, Verdicts
from engine.judgement.values import Array, Features, Known, any_of
from engine.rulebook.book import Rulebook
from engine.rulebook.judgement import Stratum
from engine.terms import Outcome

# SQL refuses a key that is too large for its column; cut short here it would be another pattern
RANK, KEY = np.uint8, np.int64
# keys up to here are told apart by counting, not by sorting
COUNTED = 1 << 20


class Steps:
    """The steps for one slice."""

    def __init__(self, rulebook: Rulebook, verdicts: Verdicts, known: Known) -> None:
        self.rulebook, self.verdicts, self.known = rulebook, verdicts, known
        self.features = Features(rulebook, known)
        self.judged = tuple(self.features.standards)
        ranks = range(1, len(rulebook.grades) + 1)
        self.cap_bits = {rank: 1 << (rank - 1) for rank in ranks}
        self.alert_bit = 1 << len(ranks)
        self.route_bits = {route: self.alert_bit << route for route in range(1, len(ROUTES))}

    def judgements(self) -> Mapping[str, Array]:
        """Return the columns of all audits, by name; a domain that is not judged has no key."""
        keys, bits = self._domains()
        overall = self._key("overall")
        bits = bits | self._look_up("overall", [overall])[1][overall]
        cap = _first(bits, self.cap_bits)
        known = self.known
        known.alert = (bits & self.alert_bit) != 0
        known.moderated = worse(known.overall, cap)
        route = self._key("route")
        bits = bits | self._look_up("route", [route])[1][route]
        found = {
            "cap": cap,
            "moderated": known.moderated,
            "suggested": self._suggested(cap),
            "route": _first(bits, dict(reversed(self.route_bits.items()))),
            "alert": known.alert,
            "overall_key": overall.astype(KEY),
            "route_key": route.astype(KEY),
        }
        none = np.zeros(known.count, dtype=RANK)
        for domain in self.rulebook.domains:
            capped = known.caps.get(domain, none)
            found[f"cap:{domain}"] = capped
            found[f"moderated:{domain}"] = worse(known.grades[domain], capped)
            if domain in keys:
                found[f"key:{domain}"] = keys[domain].astype(KEY)
        return found

    def _domains(self) -> tuple[Mapping[str, Array], Array]:
        """Judge the domains: note their caps; return their keys, and bits for the audit."""
        patterns = self.verdicts.patterns["domain"]
        keys = {d: self.features.key(patterns, some) for d, some in self.features.standards.items()}
        caps, proposed = self._look_up("domain", [*keys.values()])
        bits = np.zeros(self.known.count, dtype=np.int32)
        for domain, key in keys.items():
            self.known.caps[domain] = caps[key]
            bits |= proposed[key]
        return keys, bits

    def _key(self, stratum: Stratum) -> Array:
        """Return the key of each audit; what its late features read is known by now."""
        patterns = self.verdicts.patterns[stratum]
        early = self.features.key(patterns, self.rulebook.live)
        return np.asarray(early + self.features.key(patterns, (), late=True))

    def _look_up(self, stratum: Stratum, keys: Sequence[Array]) -> tuple[Array, Array]:
        """Judge the distinct keys; return the caps and the bits of the verdicts by key."""
        found = sorted({int(key) for one in keys for key in distinct(one)})
        size = found[-1] + 1 if found else 1
        caps, bits = np.zeros(size, dtype=RANK), np.zeros(size, dtype=np.int32)
        for key in found:
            verdict = self.verdicts.fired(stratum, key)
            caps[key], bits[key] = verdict.cap or 0, self._bits(stratum, verdict)
        return caps, bits

    def _bits(self, stratum: Stratum, verdict: Verdict) -> int:
        """Return what a verdict proposes for the audit as bits: by rank, the alert, by route."""
        cap = verdict.overall_cap if stratum == "domain" else verdict.cap
        alert = self.alert_bit if verdict.alert else 0
        route = self.route_bits.get(verdict.route, 0)
        return (self.cap_bits[cap] if cap else 0) | alert | route

    def _suggested(self, cap: Array) -> Array:
        most = self.rulebook.rank(self.rulebook.judgement.compliance_earns_at_most)
        earns = worse(np.full(self.known.count, most, dtype=RANK), cap)
        outcomes = (self.known.outcomes[standard.id] for standard in self.rulebook.live)
        met = any_of((codes == Outcome.MET.code for codes in outcomes), self.known.count)
        better = met & (self.known.overall > 0) & (earns > self.known.overall)
        return np.where(better, earns, RANK(0))


def worse(grade: Array, cap: Array) -> Array:
    """Return the worse of a grade and a cap; no cap leaves the grade, no grade stays none."""
    return np.where((cap > 0) & (cap < grade), cap, grade)


def _first(bits: Array, meanings: Mapping[int, int]) -> Array:
    """Return what the first bit that is set means, in the order of the meanings."""
    found = np.zeros(len(bits), dtype=RANK)
    for value, bit in reversed([*meanings.items()]):
        found[(bits & bit) != 0] = value
    return found


def distinct(keys: Array) -> Array:
    """Return the distinct keys, which are from nought on."""
    if keys.max(initial=0) < COUNTED:
        return np.flatnonzero(np.bincount(keys))
    return np.unique(keys)
