"""The parts of an answer as text: its head, one member, the questions, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction

from engine.evaluate.trial import fact_at
from engine.explain import words
from engine.explain.writing import Page, joined
from engine.language.case import parse_path
from engine.language.core import Program
from engine.language.decision import Behind, Decision, LeadsTo, Member, Need, Option, RequirementView, RuleView
from engine.language.outcome import Mixed
from engine.language.values import Value
from engine.language.wording import say
from engine.values.money import Money
from engine.values.zones import zone

MAX_QUESTIONS = 6
_MAX_ASSUMED = 8
_MAX_PROBLEMS = 20
_MAX_NEEDS = 4
_MAX_BLOCKED = 8
_MAX_TRIED = 4
_NO_MOMENT = "no moment is given (neither `as_of` nor `request.at` with its time of day)"


class AnswerText:
    """Writes the parts of one decision on a page."""

    def __init__(self, page: Page, decision: Decision, program: Program) -> None:
        self.page = page
        self.decision = decision
        self.program = program
        self.zone = zone(program.timezone)
        core = program.decisions.get(decision.decision)
        self.variable = None if core is None else core.variable
        self.headline_type = None if decision.headline is None else decision.outputs[decision.headline].type

    # the head --------------------------------------------------------------------------------------------------------

    def head(self) -> None:
        """The verdict in words, the question, and what it was judged by."""
        one, page = self.decision, self.page
        value = one.value
        said = words.result_words(one.status, value, self.headline_type, one.why, self.zone)
        if one.partial:
            said = "approved in part"
        style = "good" if one.partial else words.style_of(one.status, value)
        name = one.decision.replace("_", " ")
        headline = "" if one.headline is None or self._plain_verdict() else f" ({self._headline_name()})"
        page.verdict(name, said, style, headline)
        page.line(one.asks)
        moment = _NO_MOMENT if one.as_of is None else f"as of {say(one.as_of, None, self.zone)}"
        stage = f"stage {one.stage.replace('_', ' ')}" + (" (assumed)" if one.stage_assumed else "")
        market = f", market {one.market}" if one.market is not None else ""
        page.line(f"{self.program.title}, version {one.version}{market}", style="dim")
        page.line(f"{moment}, {stage}", style="dim")

    def _plain_verdict(self) -> bool:
        return self.decision.status != "decided" or self.decision.verdict in ("approve", "deny")

    def _headline_name(self) -> str:
        output = self.decision.outputs[self.decision.headline or ""]
        return output.label or output.name.replace("_", " ")

    def problems(self) -> None:
        """The inputs that cannot be right."""
        problems = self.decision.problems
        if not problems:
            return
        self.page.blank()
        self.page.line("What cannot be right in the facts", style="bold")
        for one in problems[:_MAX_PROBLEMS]:
            help = f" ({one.diagnostic.help})" if one.diagnostic.help else ""
            self.page.line(f"{one.path}: {one.diagnostic.message}{help}", indent=2, hanging=2)
        if len(problems) > _MAX_PROBLEMS:
            self.page.line(f"… and {len(problems) - _MAX_PROBLEMS} more", indent=2)

    # one member ------------------------------------------------------------------------------------------------------

    def member(self, member: Member) -> None:
        """Everything about one member of the request; of the whole order, if the question is asked about that."""
        page = self.page
        page.blank()
        if member.item is not None:
            said = words.result_words(member.status, self._value(member), self.headline_type, member.why, self.zone)
            asked = "" if member.asked is None else f", {member.asked.replace('_', ' ')}"
            place = words.place_words(member.item, member.id)
            style = words.style_of(member.status, self._value(member))
            page.verdict(f"{place}{asked}", said, style)
        if member.status == "error" or member.why == ("out_of_scope",):
            return
        if member.status == "decided" or self._value(member) == "review":
            page.item("why", list(self._rules(member, member.reasons)))
            page.item("outweighed", list(self._rules(member, member.outweighed)))
            page.item("gives way", [f"{one.rule} gives way to {joined(list(one.to))}" for one in member.yielded])
        elif member.status == "conflict":
            page.item("disagree", list(self._disagreeing(member)))
        else:
            page.item("silent", list(words.silences(member.outputs[self.decision.headline or ""], self.program)))
            page.item("so far", list(self._speaking(member)))
            page.item("not settled", list(self._blocked(member)))
        deadlines = [words.deadline_words(one, self.program) for one in member.deadlines]
        page.item("deadlines", [self._short(member, text) for text in deadlines])
        page.item("comes to", list(self._outputs(member)))
        page.item("needed", [self._requirement(one) for one in member.requirements if one.state == "open"])
        page.item("overdue", [self._overdue(one) for one in member.requirements if one.state == "overdue"])
        page.item(
            "to set", [words.awaited_words(one, member.outputs[one.output], self.program) for one in member.awaits]
        )
        page.item("in hand", self._met(member))
        page.item("instead", list(self._instead(member)))
        page.item("it hangs on", list(self._under_readings(member)))

    def _value(self, member: Member) -> Value | Mixed | None:
        return member.outputs[self.decision.headline or ""].value

    def _short(self, member: Member, text: str) -> str:
        """Facts of this member by the name that the policy's author uses for it: `line.delivery.at`."""
        if member.item is None or self.variable is None:
            return text
        return text.replace(f"{member.item}.", f"{self.variable}.")

    def _rules(self, member: Member, rules: Iterable[RuleView]) -> Iterator[str]:
        """What each rule says, with the clauses it stands on; first those that speak about the headline."""
        for rule in rules:
            about = "" if self.decision.headline in rule.outputs else f" (about {joined(list(rule.outputs))})"
            message = rule.message if self.decision.tells(member, rule) else None
            yield message or f"Rule {rule.rule} applies{about}{self._handed_on(rule)}."
            if message:
                yield f"  rule {rule.rule}{about}"
            handed_on = () if message else rule.behind
            yield from self._behind(handed_on)
            cited = {name for one in handed_on for name in (*one.cites, *one.also_cites)}
            own = (name for name in (*rule.cites, *rule.also_cites) if name not in cited)
            yield from (f"  {text}" for text in self.cited(own))
            if rule.assumes:
                yield f"  assumed: {self._short(member, joined(list(rule.assumes)))}"
            if rule.leaning:
                yield f"  leans to: {joined([self._said(name, value) for name, value in rule.leaning.items()])}"
            if rule.note:
                yield f"  for staff: {rule.note}"

    def _handed_on(self, rule: RuleView) -> str:
        """Which decision a rule follows that only hands on what is said there."""
        names = list(dict.fromkeys(one.decision.replace("_", " ") for one in rule.behind))
        return f", and follows {joined(names)}" if names else ""

    def _behind(self, rules: Iterable[Behind]) -> Iterator[str]:
        for one in rules:
            name = f"{one.decision}.{one.rule}"
            yield f"  {one.message} (rule {name})" if one.message else f"  rule {name}"
            yield from (f"    {text}" for text in self.cited((*one.cites, *one.also_cites)))

    def _said(self, output: str, value: Value) -> str:
        """What is said about an output: `outcome denied`."""
        found = self.decision.outputs[output]
        said = words.value_words(value, found.type, self.zone)
        return said if output == self.decision.headline else f"{found.label or output.replace('_', ' ')} {said}"

    def _disagreeing(self, member: Member) -> Iterator[str]:
        """Of rules that must agree and do not: what each of them says about the headline."""
        headline = self.decision.headline or ""
        for rule in (*member.reasons, *member.outweighed):
            if headline in rule.outputs:
                said = (
                    f"says {self._said(headline, rule.concludes[headline])}"
                    if headline in rule.concludes
                    else "applies"
                )
                yield f"rule {rule.rule} {said}"
                yield from (f"  {text}" for text in self.cited(rule.cites))

    def _speaking(self, member: Member) -> Iterator[str]:
        """While the headline is open: the rules that apply, and may still be outweighed."""
        for rule in member.reasons:
            if self.decision.headline in rule.outputs:
                yield f"{rule.rule} applies"

    def cited(self, cites: Iterable[str]) -> Iterator[str]:
        """Each clause with its words and where it stands; readings come at the end of the answer."""
        several = len(self.program.documents) > 1
        titles = {document.id: f"{document.title}, " if several else "" for document in self.program.documents}
        for name in cites:
            clause = self.program.clauses.get(name)
            if clause is not None:
                yield f"{name}: {clause.says} ({titles.get(clause.document, '')}{clause.section})"

    def _blocked(self, member: Member) -> Iterator[str]:
        rules = [rule for rule in member.blocked if self.decision.headline in rule.outputs]
        for rule in rules[:_MAX_BLOCKED]:
            names = [self._short(member, name) for name in dict.fromkeys(need.name for need in rule.needs)]
            more = " and more" if len(names) > _MAX_NEEDS else ""
            yield f"{rule.rule} hangs on {', '.join(names[:_MAX_NEEDS])}{more}"
        if len(rules) > _MAX_BLOCKED:
            yield f"… and {len(rules) - _MAX_BLOCKED} more rules"

    def _outputs(self, member: Member) -> Iterator[str]:
        """What it comes to. While the headline is open, outputs that are open too are only named."""
        open_too = []
        for name, output in member.outputs.items():
            headline = name == self.decision.headline
            if output.status == "not_applicable" or (headline and member.item is not None):
                continue
            label = output.label or name.replace("_", " ")
            if member.status == "decided" or output.status == "decided":
                yield f"{label}: {self._short(member, words.output_words(output, self.program))}"
                sum_ = words.net_words(output)
                if sum_ is not None:
                    yield f"  {sum_}"
            elif not headline:
                open_too.append(label)
        if open_too:
            yield f"open as well: {joined(open_too)}"

    def _requirement(self, one: RequirementView) -> str:
        by = "" if one.last_day is None else f" By {say(one.last_day)}."
        return f"{one.ask}{by}"

    def _overdue(self, one: RequirementView) -> str:
        day = "" if one.last_day is None else f": the last day was {say(one.last_day)}"
        return f"{one.requirement.replace('_', ' ')} (not in hand{day})"

    def _met(self, member: Member) -> list[str]:
        met = [one.requirement.replace("_", " ") for one in member.requirements if one.state == "met"]
        return [joined(met)] if met else []

    def _instead(self, member: Member) -> Iterator[str]:
        """The other options, those that come to the same together."""
        found: dict[str, list[str]] = {}
        for one in member.instead:
            found.setdefault(self._option(one), []).append(one.option.replace("_", " "))
        for result, options in found.items():
            yield f"{joined(options)}: {result}"

    def _option(self, one: Option) -> str:
        output = one.outputs[self.decision.headline or ""]
        return words.result_words(one.status, output.value, output.type, one.why, self.zone)

    def _under_readings(self, member: Member) -> Iterator[str]:
        for name, options in member.under_readings.items():
            reading = self.program.readings[name]
            yield reading.asks
            meanings = dict(reading.options)
            for option, result in options.items():
                yield f"  {option}: {words.under_reading(result)}. {meanings.get(option, '')}"

    # the whole -------------------------------------------------------------------------------------------------------

    def together(self) -> None:
        """What the members come to together, where there are several."""
        if len(self.decision.members) < 2:
            return
        texts = [
            f"{output.label or name.replace('_', ' ')}: {words.output_words(output, self.program)}"
            for name, output in self.decision.outputs.items()
            if output.status != "not_applicable"
        ]
        self.page.blank()
        self.page.item("together", texts, indent=0)

    def questions(self) -> None:
        """What is asked for next and where each answer leads; what cannot be asked yet."""
        one, page = self.decision, self.page
        first = [need for need in one.may_need if need.name == one.ask_first]
        others = [need for need in one.may_need if need.name != one.ask_first]
        page.blank()
        for need in first[:1]:
            page.item("ask first", [words.need_words(need), *self._leads(need)], indent=0)
        page.item("may matter", [words.need_words(need) for need in others[:MAX_QUESTIONS]], indent=0)
        if len(others) > MAX_QUESTIONS:
            page.item("", [f"… and {len(others) - MAX_QUESTIONS} more"], indent=0)
        page.item("waits for", list(self._waiting()), indent=0)
        page.item("demanded", [f"{x.output}: {say(x.expected)}, {x.result}" for x in one.expects], indent=0)

    def _leads(self, need: Need) -> Iterator[str]:
        """Answers that lead to the same place stand together."""
        found: dict[str, list[LeadsTo]] = {}
        for tried in sorted(self.decision.leads_to.get(need.name, ()), key=self._order):
            if tried.status != "error":  # an answer that cannot be right
                found.setdefault(self._led(tried), []).append(tried)
        for result, answers in found.items():
            told = joined([self._answer(one) for one in answers], "or")
            if len(answers) > _MAX_TRIED and isinstance(answers[0].answer, date | Money | int | Fraction):
                ends = [self._answer(one) for one in (answers[0], answers[-1])]
                told = f"{len(answers)} that were tried, between {joined(ends)}"
            yield f"  {told}: {result}"
        left = self.decision.not_tried.get(need.name)
        if left:
            yield f"  and {left} more, not tried"

    def _answer(self, tried: LeadsTo) -> str:
        return "any other" if tried.any_other else say(tried.answer, tried.type, self.zone)

    def _order(self, tried: LeadsTo) -> tuple[str, int, str]:
        """Days and instants in the order of time, on the clock of the policy; a day before its instants."""
        value = tried.answer
        if isinstance(value, datetime):
            local = value.astimezone(self.zone)
            return (local.date().isoformat(), 1, local.isoformat())
        return (value.isoformat(), 0, "") if isinstance(value, date) else ("", 0, "")

    def _led(self, tried: LeadsTo) -> str:
        if tried.status == "needs_facts" and tried.needs:
            more = " and more" if len(tried.needs) > _MAX_NEEDS else ""
            names = [self._asked_for(name) for name in tried.needs[:_MAX_NEEDS]]
            return f"then it hangs on {', '.join(names)}{more}"
        return words.result_words(tried.status, tried.value, self.headline_type, (), self.zone)

    def _asked_for(self, name: str) -> str:
        """A fact by its path; what a decision requires, in the words in which it asks for it."""
        decision, _, requirement = name.partition(".")
        core = self.program.decisions.get(decision)
        asks = {one.id: one.ask for one in core.requires} if core is not None else {}
        if requirement not in asks or fact_at(self.program, parse_path(name)) is not None:
            return name
        return f'"{asks[requirement]}"'

    def _waiting(self) -> Iterator[str]:
        headline = self.decision.outputs.get(self.decision.headline or "")
        for need in headline.needs if headline is not None else ():
            if need.kind == "later":
                yield f"{need.name}, which has not happened yet"
            elif need.kind == "external":
                yield words.need_words(need)
            elif need.kind == "ruling":
                yield f"a ruling on {need.name}" + (f": {need.ask}" if need.ask else "")

    def rests(self) -> None:
        """What was assumed, and which readings the answer rests on."""
        self.page.blank()
        self.page.item("assumed", list(self._assumed()), indent=0)
        texts = []
        for name in self.decision.rests_on:
            reading = self.program.readings[name]
            meaning = dict(reading.options).get(reading.chosen or "", "")
            chosen = "It is left undecided." if reading.chosen is None else f"Read as: {meaning}"
            texts.append(f"{name}: {reading.asks} {chosen}")
        self.page.item("readings", texts, indent=0)

    def _assumed(self) -> Iterator[str]:
        one = self.decision
        if one.presets:
            count = f"{len(one.assumed)} facts that nobody sent" if one.assumed else "nothing had to be filled in"
            yield f"{', '.join(one.presets)}: {count}"
        rests = sorted({path for m in one.members for rule in m.reasons for path in rule.assumes})
        if rests:
            more = f" and {len(rests) - _MAX_ASSUMED} more" if len(rests) > _MAX_ASSUMED else ""
            yield f"  the answer rests on {', '.join(rests[:_MAX_ASSUMED])}{more}"
