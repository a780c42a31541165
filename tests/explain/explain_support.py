"""What the tests of explanations share: a small policy with one of everything, and requests to it."""

from pathlib import Path

from hypothesis import strategies as st

from engine import load_policy

HARBOUR = Path(__file__).with_name("harbour.yaml")
POLICY = load_policy(HARBOUR.read_bytes(), "harbour.yaml")


def line(**facts):
    """A line of the request: a lamp for 30.00 that arrived on 5 May 2026 and is fine but not wanted."""
    usual = {
        "id": "1",
        "quantity": 3,
        "asked": 1,
        "paid": "30.00",
        "remedy": "refund",
        "reason_category": "preference",
        "delivery": {"at": "2026-05-05"},
        "production": {"begun": False},
        "condition": {"unworn": True},
    }
    return {key: value for key, value in {**usual, **facts}.items() if value is not None}


def request(*lines, at="2026-05-15T10:00:00-06:00", evidence=None, order=None, **control):
    """A request about these lines, made on 15 May 2026 unless said otherwise."""
    return {
        "assume": ["nothing_unusual"],
        "order": {
            "placed_at": "2026-05-01T10:00:00-06:00",
            "currency": "USD",
            "channel": "web",
            "ship_to": {"country": "US", "timezone": "America/New_York"},
            **(order or {}),
        },
        "request": {"at": at, "lines": list(lines), "evidence": {"photos": True} if evidence is None else evidence},
        **control,
    }


TYPICAL = {
    "approved": ("return", request(line())),
    "denied_late": ("return", request(line(), at="2026-05-28T10:00:00-06:00")),
    "photos_missing": ("return", request(line(reason_category="defect"), evidence={"photos": False})),
    "contradiction": ("return", request(line(reason_category="defect", is_final_sale=True))),
    "two_lines": (
        "return",
        request(line(), line(id="2", paid="12.50", reason_category="defect", delivery={"at": "2026-03-01"})),
    ),
    "undecided_reading": ("return", request(line(remedy="store_credit", condition={"unworn": False}))),
    "nothing_known": ("return", {"request": {"at": "2026-05-15T10:00:00-06:00", "lines": [{"remedy": "refund"}]}}),
    "impossible": ("return", request(line(delivery={"at": "2026-04-01"}))),
    "bad_input": ("return", request(line(paid="3O.00", colour="red"))),
    "cancelled_late": ("cancellation", request(line(), at="2026-05-15T10:00:00-06:00")),
    "cancelled_in_time": (
        "cancellation",
        request(line(delivery=None, production={"begun": False}), at="2026-05-02T09:59:00-06:00"),
    ),
    "money": ("refund", request(line(), line(id="2", paid="12.50", reason_category="defect"))),
    "money_demanded": (
        "refund",
        {**request(line()), "request": {**request(line())["request"], "expects": {"total": "8.50"}}},
    ),
    "label": ("return_shipping", request(line())),
    "label_abroad": ("return_shipping", request(line(), order={"ship_to": {"country": "FR"}})),
    "other_shop": ("return", request(line(), order={"channel": "marketplace"})),
    "channel_unknown": ("return", request(line(), order={"channel": None})),
    "not_spoken_of": ("lost_parcel", request(line())),
    "no_lines": ("return", {"request": {"at": "2026-05-15T10:00:00-06:00"}}),
    "empty": ("return", {}),
}


def decided(name, **options):
    """The decision of a typical request."""
    question, document = TYPICAL[name]
    return POLICY.decide(question, document, **options)


# random requests -------------------------------------------------------------------------------------------------------

WORDS = ["defect", "transit_damage", "preference", "change_of_mind", "other"]
DAYS = st.integers(1, 31).map(lambda day: f"2026-05-{day:02}")
MOMENTS = st.tuples(DAYS, st.integers(0, 23)).map(lambda one: f"{one[0]}T{one[1]:02}:30:00-06:00")


def maybe(strategy):
    """Sometimes nothing: nobody said."""
    return strategy | strategy | st.none()


@st.composite
def lines(draw, number):
    """A line of a request, with some facts missing."""
    found = {
        "id": str(number + 1),
        "quantity": draw(st.integers(1, 3)),
        "asked": 1,
        "paid": draw(maybe(st.sampled_from(["30.00", "0.01", "99.99"]))),
        "remedy": draw(maybe(st.sampled_from(["refund", "store_credit", "exchange", "repair"]))),
        "reason_category": draw(maybe(st.sampled_from(WORDS))),
        "delivery": {"at": draw(maybe(DAYS | MOMENTS))},
        "production": {"begun": draw(maybe(st.booleans()))},
        "condition": {"unworn": draw(maybe(st.booleans()))},
        "is_final_sale": draw(maybe(st.booleans())),
        "wear": draw(maybe(st.sampled_from(["0%", "12.5%", "100%"]))),
    }
    return {key: value for key, value in found.items() if value is not None}


@st.composite
def requests(draw):
    """A request with one or two lines; some are impossible, since deliveries may lie in the future."""
    found = [draw(lines(number)) for number in range(draw(st.integers(1, 2)))]
    order = {
        "placed_at": draw(st.sampled_from(["2026-05-01T10:00:00-06:00", "2026-04-01T10:00:00-06:00"])),
        "currency": "USD",
        "channel": draw(st.sampled_from(["web", "web", "web", "marketplace", None])),
        "ship_to": {
            "country": draw(maybe(st.sampled_from(["US", "CA", "FR"]))),
            "timezone": draw(maybe(st.sampled_from(["America/New_York", "Pacific/Auckland"]))),
        },
    }
    if draw(st.booleans()):  # the shop's system sends the lines with the order, and the request names them
        own = ("id", "asked", "remedy", "reason_category", "condition")
        order["lines"] = [{key: value for key, value in one.items() if key not in own[1:]} for one in found]
        found = [{key: one[key] for key in own if key in one} for one in found]
    document = {
        "order": order,
        "request": {"at": draw(MOMENTS), "lines": found, "evidence": {"photos": draw(maybe(st.booleans()))}},
    }
    if draw(st.booleans()):
        document["assume"] = ["nothing_unusual"]
    if draw(st.booleans()):
        document["as_of"] = document["request"]["at"] if draw(st.booleans()) else "2026-06-02T10:00:00Z"
    return document
