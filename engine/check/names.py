"""What a dotted name means: a variable's field, a define, a parameter, a window's part, a table, a fact, an output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.base.diagnostics import Place, Report
from engine.base.source import Span
from engine.base.suggest import nearest
from engine.check import output_reads
from engine.check.definitions import Definitions
from engine.check.free import Mentions
from engine.check.places import part_of
from engine.check.scope import Bound, OptionBound, Scope, Symbols, field_of
from engine.check.suggestions import clock_help, elsewhere, listed, name_help
from engine.check.typing import brief
from engine.language import core as c
from engine.language import surface as s
from engine.language.types import FactType, ListOf, MomentType, Record, Text, Type, Words
from engine.vocabulary.shared import vocabulary

if TYPE_CHECKING:
    from engine.check.expressions import Elaborator
    from engine.check.tables import TableElaborator


class NameResolver:
    """Resolves names in a scope. What the policy itself defines is elaborated by `definitions` and `tables`."""

    def __init__(self, symbols: Symbols, report: Report, elaborator: Elaborator) -> None:
        self.symbols = symbols
        self.report = report
        self.el = elaborator
        self.mentions = Mentions(symbols)
        self.definitions = Definitions(self)
        self.tables: TableElaborator | None = None

    # names in general ------------------------------------------------------------------------------------------------

    def resolve(self, node: s.Name, scope: Scope, lists: bool = False) -> c.Expr | None:
        """The expression a name stands for. `lists`: whether a list of words may stand here."""
        head = node.parts[0]
        variable = scope.variables.get(head)
        if isinstance(variable, OptionBound):
            return self._option(node, variable)
        if isinstance(variable, Bound):
            return self._of_variable(node, variable, lists)
        if scope.shared:
            return self._fact(node, self.symbols.facts, None, node.parts, lists)
        if len(node.parts) == 1:
            return self._single(node, scope, lists)
        if head == "reading":
            return self._reading(node)
        if head in self.symbols.windows:
            return self.definitions.window_part(node, scope)
        if head in self.symbols.tables and self.tables is not None:
            self.symbols.used.add(f"table:{head}")
            return self.tables.read(node, scope)
        return self._output_or_fact(node, scope, lists)

    def _output_or_fact(self, node: s.Name, scope: Scope, lists: bool) -> c.Expr | None:
        head = node.parts[0]
        decision = self.symbols.decisions.get(head)
        fact = self.symbols.facts.get(head)
        output = None if decision is None else next((o for o in decision.outputs if o.id == node.parts[1]), None)
        if fact is None and decision is None:
            self.unknown(node, scope)
            return None
        of_case = fact is not None and isinstance(fact.type, Record) and fact.type.get(node.parts[1]) is not None
        if output is not None and of_case:
            self.report.add(
                "name-twice",
                f"`{head}.{output.id}` could be the output of decision `{head}` or the fact of that name",
                node.span,
                help="give the output another name",
                also=[Place(output.span, "the output")],
            )
            return None
        if decision is not None and (output is not None or not of_case):
            return output_reads.output(self, node.span, head, node.parts[1:], scope)
        return self._fact(node, self.symbols.facts, None, node.parts, lists)

    def _single(self, node: s.Name, scope: Scope, lists: bool) -> c.Expr | None:
        name = node.parts[0]
        if name in self.symbols.defines:
            self.symbols.used.add(f"define:{name}")
            return self.definitions.define(node, scope)
        if name in self.symbols.parameters:
            self.symbols.used.add(f"parameter:{name}")
            kind = self.symbols.parameters[name]
            if isinstance(kind, ListOf) and not lists:
                self._refuse(node, f"`{name}` is a list", f"write `x in {name}` to look something up in it")
                return None
            if name in self.symbols.dated:
                return self.definitions.dated(node, kind, scope)
            return c.ParameterRef(type=kind, span=node.span, name=name)
        if name == "as_of":
            return c.AsOf(type=MomentType(), span=node.span)
        if name in self.symbols.windows:
            self._refuse(
                node,
                f"`{name}` is a window, not a condition",
                f"write `{name} is open`, `{name} has passed` or `{name}.last_day`",
                "type-not-condition",
            )
            return None
        self.unknown(node, scope)
        return None

    def _refuse(self, node: s.Name, message: str, help: str, code: str = "type-mismatch") -> None:
        self.report.add(code, message, node.span, help=help)

    def _reading(self, node: s.Name) -> c.Expr | None:
        name = node.parts[1]
        reading = self.symbols.readings.get(name)
        if reading is None or len(node.parts) > 2:
            known = listed(f"reading.{r}" for r in self.symbols.readings)
            self.report.add(
                "name-unknown",
                f"there is no reading `{'.'.join(node.parts[1:])}`",
                part_of(node.span, node.parts, 1),
                help=name_help(name, self.symbols.readings, "reading.")
                or (f"there is {known}" if known else "readings are declared under `readings`"),
            )
            return None
        self.symbols.used.add(f"reading:{name}")
        return c.ReadingRef(type=Words(tuple(o for o, _ in reading.options)), span=node.span, name=name)

    # what nothing is called ------------------------------------------------------------------------------------------

    def meaning(self, name: str, scope: Scope) -> str | None:
        """What a single name stands for in a scope, in words; None if it is free."""
        bound = scope.variables.get(name)
        if isinstance(bound, Bound):
            return f"a member of `{'.'.join(p for p in bound.list_path if p != '*')}`"
        if bound is not None or scope.shared:
            return None if bound is None else "an option of this decision"
        return self.symbols.kind_of(name)

    @property
    def using(self) -> tuple[str, Span] | None:
        """The define, window or table that is being worked out, and where it is used; None outside of any."""
        return self.definitions.using

    def bare_word(self, node: s.Node, scope: Scope, kind: Type) -> bool:
        """Report a word that lacks its quotes, next to a value of type `kind`; gives whether it was one."""
        if not isinstance(node, s.Name) or len(node.parts) > 1 or not isinstance(kind, Words | Text):
            return False
        name = node.text
        if self.meaning(name, scope) is not None or name in vocabulary().places or name in self.symbols.failed:
            return False
        words = kind.words if isinstance(kind, Words) else ()
        near = name if name in words else nearest(name, [w for w in words if len(w) > 3])
        help = None if near is not None else name_help(name, self.symbols.names())
        self.report.add(
            "name-unknown",
            f"nothing is called `{name}`",
            node.span,
            help=help or f"a word is written in quotes: `'{near or name}'`",
        )
        return True

    def unknown(self, node: s.Name, scope: Scope) -> None:
        """Report a name that stands for nothing, or not for a value."""
        head, symbols = node.parts[0], self.symbols
        if head in symbols.failed or node.text in symbols.failed:
            return
        if head in vocabulary().places and symbols.facts.get(head) is None:
            self.report.add(
                "name-not-here",
                f"`{head}` stands for nothing here",
                part_of(node.span, node.parts, 0),
                help=self.definitions.where_bound(head, scope),
                also=[Place(self.using[1], f"`{self.using[0]}` is used here")] if self.using else (),
            )
            return
        if self._known_but_no_value(node):
            return
        known = [*symbols.names(), *scope.variables, *vocabulary().places]
        after = "".join(f".{p}" for p in node.parts[1:])
        hint = clock_help(head) or name_help(head, known, after=after)
        if hint is None and len(node.parts) == 1:
            hint = f"a word is written in quotes: `'{head}'`; other names are declared under `define` or `parameters`"
        other = None if len(node.parts) == 1 else elsewhere(node.parts[-1], symbols.facts)
        if hint is None and other is not None:
            hint = f"did you mean `{other}`?"
        self.report.add(
            "name-unknown",
            f"nothing is called `{head}`",
            part_of(node.span, node.parts, 0),
            help=hint or "the facts of a case begin with " + (listed(n for n, _ in symbols.facts.fields) or "`order`"),
        )

    def _known_but_no_value(self, node: s.Name) -> bool:
        """Report a name that exists, but is not a value, or has no parts."""
        head, symbols, whole = node.parts[0], self.symbols, len(node.parts) == 1
        fact = symbols.facts.get(head)
        if whole and head in symbols.tables:
            first = symbols.tables[head].gives[:1]
            text = f"write which of its results is meant, such as `{head}.{first[0][0]}`" if first else None
            self._refuse(node, f"`{head}` is a whole table", text or "give it a result under `gives`")
        elif whole and head in symbols.decisions:
            first_output = symbols.decisions[head].outputs[:1]
            name = first_output[0].id if first_output else "outcome"
            self._refuse(
                node,
                f"`{head}` is a decision",
                f"read one of its outputs, such as `{head}.{name}`",
                "type-not-condition",
            )
        elif whole and head == "reading":
            first_reading = next(iter(symbols.readings), "last_moment")
            self._refuse(
                node, "`reading` stands before the name of a reading", f"write `reading.{first_reading} == '...'`"
            )
        elif whole and head in symbols.readings:
            option = symbols.readings[head].options[0][0]
            self._refuse(node, f"`{head}` is a reading", f"write `reading.{head} == '{option}'`")
        elif whole and fact is not None and isinstance(fact.type, Record):
            self._whole_record(node, fact.type)
        elif head in symbols.defines or head in symbols.parameters:
            what = symbols.kind_of(head)
            self._refuse(node, f"`{head}` is {what} and has no parts", f"write `{head}` alone", "name-unknown")
        else:
            return False
        return True

    # variables and facts ---------------------------------------------------------------------------------------------

    def _option(self, node: s.Name, bound: OptionBound) -> c.Expr | None:
        if len(node.parts) > 1:
            self._no_parts(node, 0, "is a word")
            return None
        return c.OptionRef(type=Words(bound.words), span=node.span, variable=node.parts[0])

    def _no_parts(self, node: s.Name, number: int, what: str) -> None:
        name = ".".join(node.parts[: number + 1])
        self.report.add("name-unknown", f"`{name}` {what} and has no parts", node.span, help=f"write `{name}` alone")

    def _of_variable(self, node: s.Name, bound: Bound, lists: bool) -> c.Expr | None:
        if bound.record is None:
            if len(node.parts) > 1:
                self._no_parts(node, 0, "is a word")
                return None
            return c.ElementRef(type=bound.element, span=node.span, variable=node.parts[0])
        if len(node.parts) == 1:
            self._whole_record(node, bound.record)
            return None
        return self._fact(node, bound.record, node.parts[0], node.parts[1:], lists)

    def _whole_record(self, node: s.Name, record: Record) -> None:
        first = next((n for n, f in record.fields if n != "id" and not isinstance(f.type, Record | ListOf)), "id")
        self._refuse(node, f"`{node.text}` is a whole record", f"name one of its facts, such as `{node.text}.{first}`")

    def _fact(
        self, node: s.Name, record: Record, variable: str | None, fields: tuple[str, ...], lists: bool
    ) -> c.Expr | None:
        fact = self._walk(node, record, fields)
        if fact is None or self._declared_wrongly(variable, fields):
            return None
        if isinstance(fact.type, Record):
            self._whole_record(node, fact.type)
            return None
        if isinstance(fact.type, ListOf) and not (lists and isinstance(fact.type.element, Text | Words)):
            self._refuse(node, f"`{node.text}` is a list", _use_of_list(node, fact.type))
            return None
        told = c.FactRef(type=fact.type, span=node.span, variable=variable, fields=fields, fact=fact)
        return told if fact.derived is None else self.definitions.derived(node, told, record)

    def _declared_wrongly(self, variable: str | None, fields: tuple[str, ...]) -> bool:
        """Whether it is a fact whose declaration has a mistake, which is reported there."""
        if not self.symbols.failed:
            return False
        before = ("",) if variable is None else (f"{variable}.", "line.")
        return any(one + ".".join(fields) in self.symbols.failed for one in before)

    def _walk(self, node: s.Name, record: Record, fields: tuple[str, ...]) -> FactType | None:
        here: Record = record
        skipped = len(node.parts) - len(fields)
        for i, name in enumerate(fields):
            fact = field_of(here, name, self.symbols.currency)
            if fact is None:
                self._no_field(node, skipped + i, here)
                return None
            if i == len(fields) - 1:
                return fact
            if isinstance(fact.type, ListOf):
                path = ".".join(node.parts[: skipped + i + 1])
                rest, one = ".".join(fields[i + 1 :]), member_word(name)
                inner = fact.type.element.get(rest) if isinstance(fact.type.element, Record) else None
                if inner is not None and isinstance(inner.type, ListOf):
                    rest = f"`any {one} in {path} has any {member_word(rest)} in {one}.{rest} has ...`"
                    self._refuse(
                        node, f"`{path}` is a list already: a list expression goes over one list", f"write {rest}"
                    )
                    return None
                self._refuse(
                    node,
                    f"`{path}` is a list, so `.{rest}` could be that of any member",
                    f"write `any {one} in {path} has {one}.{rest} ...`, or ask the question `for_each: {one} in {path}`",
                )
                return None
            if not isinstance(fact.type, Record):
                self._no_parts(node, skipped + i, f"is {brief(fact.type)}")
                return None
            here = fact.type
        return None

    def _no_field(self, node: s.Name, number: int, record: Record) -> None:
        name, before = node.parts[number], ".".join(node.parts[:number])
        if any(f"{one}.".startswith(f"{before}.{name}.") for one in self.symbols.failed):
            return  # its declaration has a mistake, which is reported there
        after = "".join(f".{p}" for p in node.parts[number + 1 :])
        names = [n for n, _ in record.fields]
        other = elsewhere(name, self.symbols.facts) if number == len(node.parts) - 1 else None
        hint = name_help(name, names, f"{before}.", after) or (f"did you mean `{other}`?" if other else None)
        all_names = listed(names)
        self.report.add(
            "name-unknown",
            f"`{before}` has no fact `{name}`",
            part_of(node.span, node.parts, number),
            help=hint
            or (f"it has {all_names}" if all_names else "a fact that only this store knows is added under `facts`"),
        )

    def list_type(
        self, source: s.Name, scope: Scope
    ) -> tuple[str | None, tuple[str, ...], tuple[str, ...], ListOf] | None:
        """A list named in a list expression: its variable, fields, absolute path and type; None after a report."""
        head = source.parts[0]
        bound = scope.variables.get(head)
        found: tuple[str | None, tuple[str, ...], tuple[str, ...]]
        if isinstance(bound, Bound) and bound.record is not None and len(source.parts) > 1:
            fact = self._walk(source, bound.record, source.parts[1:])
            found = (head, source.parts[1:], (*bound.list_path, "*", *source.parts[1:]))
        elif self.symbols.facts.get(head) is not None and len(source.parts) > 1:
            fact = self._walk(source, self.symbols.facts, source.parts)
            found = (None, source.parts, source.parts)
        elif self.meaning(head, scope) is not None:
            what = "is concluded by a decision" if head in self.symbols.decisions else f"is {self.meaning(head, scope)}"
            self._refuse(source, f"`{source.text}` {what}; it is no list of the facts", _LISTS)
            return None
        else:
            self.unknown(source, scope)
            return None
        if fact is None:
            return None
        if not isinstance(fact.type, ListOf):
            self._refuse(source, f"`{source.text}` is {brief(fact.type)}, not a list", _LISTS)
            return None
        if not isinstance(fact.type.element, Record | Text | Words):
            self._refuse(
                source,
                f"the members of `{source.text}` are neither records nor words",
                "declare the list with records: `{list_of: {amount: money}}`",
            )
            return None
        return (*found, fact.type)


_LISTS = "list expressions look through lists such as `request.lines` or `order.lines`"


def member_word(name: str) -> str:
    """What to call a member of a list of this name, in an example: `line` for `lines`."""
    return name.removesuffix("s") if name.endswith("s") and len(name) > 2 else "x"


def _use_of_list(node: s.Name, kind: ListOf) -> str:
    name = node.text
    if isinstance(kind.element, Text | Words):
        return f"write `'...' in {name}`, or `any x in {name} has x == '...'`"
    if isinstance(kind.element, Record):
        one = member_word(node.parts[-1])
        first = next((n for n, f in kind.element.fields if not isinstance(f.type, Record | ListOf)), "id")
        source = f"{one} in {name}"
        return f"write `any {source} has {one}.{first} ...`, `count {source}` or `sum of ... for {source}`"
    return "declare the list with records: `{list_of: {amount: money}}`"
