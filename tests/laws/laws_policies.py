"""Random well-typed policies, as YAML text for the public door."""

from dataclasses import replace

import yaml
from laws_expressions import Around, Expressions, Read
from laws_facts import OWN_FACTS

from engine import PolicyError, load_policy

VERDICTS = ("deny", "review", "approve")
REVIEWS = ("discretion", "contradiction", "silent", "vague", "external_terms")
OPTIONS = ("refund", "exchange")
CITES = {"cites": ["x-1"]}
DATED = [{"value": 1}, {"from": "2026-05-04", "value": 2}]
CLAUSE = {"kind": "rule", "says": "?"}
READING = {"asks": "?", "options": {"a": "x", "b": "y"}, "about": ["x-1"]}
ROLL_UPS = {
    "bool": ("each", "any", "all"),
    "int": ("each", "sum", "min", "max"),
    "money": ("each", "sum", "min", "max"),
    "date": ("each", "earliest", "latest"),
    "moment": ("each", "earliest", "latest"),
}
COMBINES = {
    "bool": ("unique", "first"),
    "int": ("unique", "sum", "min", "max", "first"),
    "money": ("unique", "sum", "min", "max", "first"),
    "date": ("unique", "earliest", "latest", "first"),
    "moment": ("unique", "earliest", "latest", "first"),
}
TYPES = {"bool": "boolean", "int": "integer", "money": "money", "date": "date", "moment": "moment"}


class Maker:
    """Makes one policy. `around` grows with what has been declared."""

    def __init__(self, choose, depth=3):
        self.choose = choose
        self.depth = depth
        self.write = Expressions(choose).write
        self.order = Around()
        self.line = Around(lines=("line",))

    def both(self, **changes):
        self.order, self.line = replace(self.order, **changes), replace(self.line, **changes)

    def policy(self):
        """All but the decisions."""
        choose = self.choose
        document = {
            "policy": "random",
            "title": "Random",
            "version": "1",
            "currency": choose.of(("USD", "as charged")),
            "timezone": choose.of(("America/Denver", "UTC", "Pacific/Kiritimati")),
            "calendar": {
                "weekend": ["saturday", "sunday"],
                "holidays": "US",
                "from": "2026-01-01",
                "until": "2027-01-01",
            },
            "rounding": "half up",
            "sources": {"page": {"title": "?", "read_on": "2026-01-01", "sections": {"1": {"x-1": CLAUSE}}}},
            "facts": OWN_FACTS,
            "readings": {
                "settled": {**READING, "chosen": "a"},
                "open": {**READING, "chosen": "undecided", "refer_as": "vague"},
            },
            "parameters": {
                "some_words": {"type": {"list_of": "text"}, "value": ["acme", "other"], **CITES},
                "three": {"type": "integer", "value": 3, **CITES},
                "dated": {"type": "integer", "by": "order.placed_at", "values": DATED, **CITES},
                "not_set": {"type": "integer", "unset": {"refer_as": "silent", "because": "?"}, **CITES},
                "length": {"type": "period", "value": "3 days", **CITES},
            },
        }
        names = {"list of words": ("some_words",), "int": ("three", "not_set", "dated"), "period": ("length",)}
        self.both(names=names, flat_names=names)
        document["windows"] = self.windows()
        document["define"] = self.defines()
        document["tables"] = {"rates": self.table()}
        return document

    def whole(self):
        """A whole policy, with several decisions that read one another."""
        document = self.policy()
        if self.choose.chance(30):
            document["applies_when"] = self.write("bool", replace(self.order, tables=(), reads=()), 1)
        document["decisions"] = self.decisions()
        return document

    def expressions(self, count, kinds=tuple(TYPES)):
        """A policy that concludes one formula in each output, so that each can be looked at by itself."""
        document = self.policy()
        outputs, rules = {}, {}
        for i in range(count):
            kind = self.choose.of(kinds)
            around = replace(self.line, reads=(), reads_in_list=())
            outputs[f"value_{i}"] = {"type": TYPES[kind], "roll_up": "each"}
            rules[f"rule_{i}"] = {"then": {f"value_{i}": self.write(kind, around, self.depth)}}
        each = {"asks": "?", "for_each": "line in request.lines", "outputs": outputs, "rules": rules}
        document["decisions"] = {"each": each}
        return document

    def closed(self):
        """A policy whose conditions are about a few closed facts only, so that much is decided by cases."""
        document = self.policy()
        decisions = document["decisions"] = {}
        for i in range(2):
            outputs = {
                "outcome": {
                    "type": list(VERDICTS),
                    "combine": self.choose.of(("strictest", "unique", "first")),
                    "roll_up": "each",
                },
                "its_money": {"type": "money", "combine": self.choose.of(COMBINES["money"]), "roll_up": "sum"},
                "its_bool": {"type": "boolean", "roll_up": self.choose.of(("any", "all")), "only_when": ["approve"]},
            }
            if self.choose.chance(40):
                outputs["its_money"] |= {"flow": "refund", "up_to": self.choose.of(("6.00 USD", "line.cost"))}
            more = ["ask_0.its_bool", "ask_0.outcome == 'approve'", "ask_0.its_money > 4.00 USD"] if i else []
            options = {
                "for_every": f"way in [{', '.join(OPTIONS)}]",
                "asked": self.choose.of(("line.wish", "line.remedy")),
            }
            options = options if self.choose.chance(40) else {}
            rules = self.closed_rules([*more, *(["way == 'refund'"] * 3 if options else [])])
            otherwise = {"outcome": {"value": "deny", **CITES}, "its_money": {"value": 0, **CITES}}
            otherwise = {name: otherwise[name] for name in self.choose.some(tuple(otherwise), 60)}
            decision = {"asks": "?", "for_each": "line in request.lines", **options, "outputs": outputs, "rules": rules}
            decisions[f"ask_{i}"] = decision | ({"otherwise": otherwise} if otherwise else {})
        document["currency"] = "USD"
        return document

    def closed_rules(self, more):
        choose, rules = self.choose, {}
        for j in range(choose.between(3, 6)):
            then = {
                "outcome": choose.of(("deny", "approve")),
                "its_money": choose.of(("4.00 USD", "5.00 USD", "line.cost", "-3.00 USD", "0.4 * 0.01 USD")),
            }
            then["its_bool"] = choose.of((True, False, "line.flag_b"))
            then = {name: then[name] for name in choose.some(tuple(then), 70) or ["outcome"]}
            weaker = [name for name, rule in rules.items() if set(rule["then"]) & set(then)]
            rules[f"rule_{j}"] = {
                "when": [self.literal(more) for _ in range(choose.between(1, 3))],
                "then": then,
                **CITES,
            }
            if weaker and choose.chance(40):
                rules[f"rule_{j}"]["overrides"] = choose.some(weaker) or weaker[:1]
        return rules

    def literal(self, more):
        choose = self.choose
        tone, level = choose.of(("red", "green", "blue")), choose.of(("low", "mid", "high"))
        literals = (
            "line.flag_a",
            "line.flag_b",
            f"line.tone == '{tone}'",
            f"line.level <= '{level}'",
            "order.flag_a",
            *more,
        )
        literal = choose.of((*literals, "reading.open == 'a'"))
        return literal if choose.chance(60) else f"not ({literal})"

    def windows(self):
        choose, found = self.choose, {}
        for i in range(3):
            lasts = choose.of(("3 days", "1 month", "2 business days", "0 days", "36 hours", "24 hours", "length"))
            side = choose.of(("after", "after", "before"))
            act = "request.at" if choose.chance(60) else self.write("moment", self.line, 0)
            window = {"lasts": lasts, side: self.write("moment", self.line, choose.below(2)), "act": act}
            zone = choose.of((None, None, "order.ship_to.timezone", "Europe/Lisbon"))
            window |= {"zone": zone} if zone else {}
            window |= {"ends": "exclusive"} if choose.chance(25) else {}
            window |= {"anchor_is": "day_1"} if "hours" not in lasts and choose.chance(15) else {}
            found[f"window_{i}"] = window
        calendar = tuple(n for n, w in found.items() if "hours" not in w["lasts"])
        self.line = replace(self.line, windows=tuple(found), calendar_windows=calendar)
        at_order = {"lasts": choose.of(("3 days", "24 hours")), "after": "order.seen_at", "act": "request.at"}
        self.order = replace(self.order, windows=("window_order",))
        return {**found, "window_order": at_order}

    def defines(self):
        """Words for lines, each of which may use those before it, and words for the order."""
        found = {}
        for at in ("line", "order"):
            for kind in ("bool", "int", "money", "date", "bool"):
                name = f"word_{len(found)}"
                around = getattr(self, at)
                found[name] = self.write(kind, around, 2)
                names = {**around.names, kind: (*around.names.get(kind, ()), name)}
                flat = around.flat_names
                if " in " not in found[name] and not any(n in found[name] for n in found if n not in str(flat)):
                    flat = {**flat, kind: (*flat.get(kind, ()), name)}
                setattr(self, at, replace(around, names=names, flat_names=flat))
        return found

    def table(self):
        choose = self.choose
        rows = {
            f"row_{i}": {
                "tone": choose.of(("any", "red", ["red", "green"], "blue")),
                "count": choose.of(("any", "0 .. 1", "over 1", "2..")),
                "fee": choose.of((0, "line.cost", "order.cost")),
            }
            for i in range(choose.between(1, 3))
        }
        for earlier, later in ((0, 1), (0, 2), (1, 2)):
            if f"row_{later}" in rows and f"row_{earlier}" in rows:
                rows[f"row_{later}"]["tone"] = choose.of(("green", "blue"))
        count = self.write("int", replace(self.line, names=self.line.flat_names, lists_around=2), 1)
        self.line = replace(self.line, tables=("rates",))
        return {"looks_at": {"tone": "line.tone", "count": count}, "gives": {"fee": "money"}, "rows": rows}

    # decisions -------------------------------------------------------------------------------------------------------

    def decisions(self):
        found = {}
        for i in range(self.choose.between(2, 3)):
            self.decision(found, f"ask_{i}", per_line=True)
        if self.choose.chance(40):
            self.offers(found)
        self.decision(found, "ask_order", per_line=False)
        return found

    def offers(self, decisions):
        """A decision for each promotion, which a later one may read."""
        choose, around = self.choose, replace(self.order, offers=("offer",))
        outputs = {
            "its_bool": {
                "type": "boolean",
                "combine": choose.of(COMBINES["bool"]),
                "roll_up": choose.of(("any", "all")),
            },
            "its_money": {"type": "money", "combine": choose.of(COMBINES["money"]), "roll_up": "sum"},
        }
        rules = self.rules(outputs, around)
        asked = {"asks": "?", "for_each": "offer in order.promotions", "outputs": outputs, "rules": rules}
        decisions["ask_offer"] = asked
        reads = (Read("ask_offer.its_bool", "bool"), Read("ask_offer.its_money", "money"))
        self.order = replace(self.order, reads=(*self.order.reads, *reads))

    def decision(self, decisions, name, per_line):
        choose = self.choose
        around = self.line if per_line else self.order
        decision = {"asks": "?"}
        if per_line:
            decision["for_each"] = "line in request.lines"
        options = per_line and choose.chance(30)
        if options:
            decision |= {"for_every": f"way in [{', '.join(OPTIONS)}]", "asked": "line.remedy"}
            around = replace(around, names={**around.names, "bool": (*around.names.get("bool", ()), "way == 'refund'")})
        outputs = decision["outputs"] = self.outputs(per_line)
        if options and "outcome" in outputs and choose.chance(50):
            decision["not_offered"] = CITES
        decision["rules"] = self.rules(outputs, around)
        said = [rule["then"].get("outcome") for rule in decision["rules"].values()]
        if choose.chance(40) and "approve" in said:
            decision["requires"] = {
                "proof": {"when": self.write("bool", around, 1), "met": self.write("bool", around, 0), "ask": "?"}
            }
            if per_line and choose.chance(50):
                decision["requires"]["proof"]["by"] = choose.of(around.windows)
        otherwise = self.otherwise(outputs, around)
        if otherwise:
            decision["otherwise"] = otherwise
        decisions[name] = decision
        self.readable(name, outputs, per_line, options)

    def outputs(self, per_line):
        choose, found = self.choose, {}
        if choose.chance(70):
            found["outcome"] = {
                "type": list(VERDICTS),
                "combine": choose.of(("strictest", "strictest", "unique", "first")),
            }
        for kind in choose.shuffled(tuple(TYPES))[: choose.between(0 if found else 1, 2)]:
            found[f"its_{kind}"] = {"type": TYPES[kind], "combine": choose.of(COMBINES[kind])}
        if choose.chance(25):
            found["todo"] = {"type": {"list_of": ["x", "y", "z"]}, "combine": "all"}
        if not per_line and choose.chance(30):
            found["split"] = {
                "type": "tender split",
                "of": self.write("money", self.order, 0),
                "in_order": ["gift_card", "any other"],
            }
        self.flows(found, per_line)
        for name, output in found.items():
            if per_line and name != "split":
                kind = name.removeprefix("its_").replace("net", "money")
                output["roll_up"] = choose.of(ROLL_UPS.get(kind, ("each",)))
            if name != "outcome" and "outcome" in found and choose.chance(50):
                output["only_when"] = ["approve"]
        return found

    def flows(self, outputs, per_line):
        """Say of some amounts which way they go, and what they come to."""
        choose, money = self.choose, outputs.get("its_money")
        if money is None or not choose.chance(50):
            return
        money["flow"] = choose.of(("refund", "refund", "bonus", "charge"))
        if money["flow"] == "refund" and choose.chance(50):
            money["up_to"] = self.write("money", self.line if per_line else self.order, 1)
        if choose.chance(60):
            owing = {"below_zero": choose.of(("customer_owes", "nothing"))} if money["flow"] == "charge" else {}
            outputs["net"] = {"type": "money", "net_of": ["its_money"], **owing}

    def rules(self, outputs, around):
        choose, found = self.choose, {}
        speaking = [o for o in outputs if o not in ("split", "net")]
        cites = CITES if outputs.get("its_money", {}).get("flow") else {}
        count = choose.between(2, 5)
        grouped = choose.between(1, count) if choose.chance(35) else 0
        for i in range(count):
            rule = dict(cites)
            if choose.chance(90):
                when = [self.write("bool", around, self.depth) for _ in range(choose.between(1, 2))]
                rule["when"] = when if len(when) > 1 else when[0]
            if choose.chance(20):
                rule["unless"] = self.write("bool", around, 2)
            chosen = choose.some(speaking, 60) or [choose.of(speaking)]
            rule["then"] = {o: self.conclusion(o, outputs, around) for o in chosen}
            if "review" in rule["then"].values():
                rule |= {"review": choose.of(REVIEWS), "leaning": {"outcome": choose.of(VERDICTS[::2])}}
            if choose.chance(20):
                kind = choose.of(tuple(TYPES))
                rule["because"] = f"It is {{{self.write(kind, around, 1)}}} here. That is all."
            weaker = [f"rule_{j}" for j in range(i) if set(found[f"rule_{j}"]["then"]) & set(chosen)]
            if weaker and choose.chance(40):
                rule["overrides"] = choose.some(weaker, 50) or [choose.of(weaker)]
            elif i == count - 1 and choose.chance(15):
                rule["overrides"] = "all"
            self.group(rule, found, i < grouped)
            found[f"rule_{i}"] = rule
        shuffled = choose.shuffled(tuple(found))
        return {name: found[name] for name in shuffled}

    def group(self, rule, found, first):
        """Put some of the first rules into a group, and let some of the others override it."""
        members = [other for other in found.values() if other.get("group") == "terms"]
        if first and self.choose.chance(70):
            rule["group"] = "terms"
        elif not first and rule.get("overrides") != "all" and any(set(m["then"]) & set(rule["then"]) for m in members):
            rule["overrides"] = [*rule.get("overrides", ()), "group terms"]

    def conclusion(self, name, outputs, around):
        choose = self.choose
        if choose.chance(5):
            return "not stated"
        if name in ("outcome", "its_money") and choose.chance(6):
            bounds = (
                {"one_of": ["deny", "approve"]} if name == "outcome" else {"at_most": self.write("money", around, 0)}
            )
            return {"ask": choose.of(("workshop", "outside")), "why": "?", **bounds}
        if name == "outcome":
            return choose.of(VERDICTS) if choose.chance(85) else self.write(("deny", "approve"), around, 1)
        if name == "todo":
            return choose.some(("x", "y", "z")) or ["x"]
        return self.write(name.removeprefix("its_"), around, 1)

    def otherwise(self, outputs, around):
        choose, found = self.choose, {}
        for name in outputs:
            if name in ("split", "net") or not choose.chance(50):
                continue
            value = choose.of(VERDICTS[::2]) if name == "outcome" else None
            if name not in ("outcome", "todo"):
                value = self.write(name.removeprefix("its_"), around, 0)
            found[name] = {"value": value, **CITES} if value is not None and choose.chance(70) else "not_covered"
        return found

    def readable(self, name, outputs, per_line, options):
        """Make a decision's outputs readable for those that come after it."""
        for output, spec in outputs.items():
            kind = tuple(VERDICTS) if output == "outcome" else output.removeprefix("its_").replace("net", "money")
            if kind in ("todo", "split"):
                continue
            plain = Read(f"{name}.{output}", kind)
            if not per_line:
                self.both(reads=(*self.line.reads, plain))
                continue
            member = Read(f"{name}({{x}}).{output}", kind)
            ways = [Read(f"{name}({option}).{output}", kind) for option in OPTIONS if options]
            self.line = replace(self.line, reads=(*self.line.reads, plain, *ways))
            rolled = [] if spec["roll_up"] == "each" and kind != VERDICTS else [plain, *ways]
            rolled = [Read(r.text, (*VERDICTS, "mixed")) if spec["roll_up"] == "each" else r for r in rolled]
            self.order = replace(self.order, reads=(*self.order.reads, *rolled))
            self.both(reads_in_list=(*self.line.reads_in_list, member))


class _Plain(yaml.SafeDumper):
    """Writes every value out: a policy has no aliases."""

    def ignore_aliases(self, data):
        return True


def as_text(document):
    """A policy's plain data as YAML."""
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, width=1000)


def random_policy(choose, depth=3):
    """The text of a random policy."""
    return as_text(Maker(choose, depth).whole())


def random_closed_policy(choose):
    """The text of a random policy about closed facts."""
    return as_text(Maker(choose).closed())


def random_expressions(choose, count=20, depth=2, kinds=tuple(TYPES)):
    """The text of a policy of random formulas, most of them conditions."""
    return as_text(Maker(choose, depth).expressions(count, ("bool", "bool", *kinds)))


def loaded(text):
    """The policy, or None if the checker refuses it (a random formula may divide what cannot be divided)."""
    try:
        return load_policy(text.encode(), "random.yaml")
    except PolicyError as error:
        loaded.refused = error
        return None
