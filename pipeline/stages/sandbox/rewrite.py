"""A parsed template, changed so that everything it does can be counted.

Jinja2 lets an environment watch calls, attributes and arithmetic. Loops, comparisons, slices, lists
and ``~`` it does itself; here they become calls of the environment too. A template's author sees
nothing of it: lines and names stay.
"""

from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

# What one node of a template costs each time it is reached; a text costs its length besides.
STEP = 3


def rewrite(template: nodes.Template, name: str | None, filename: str | None) -> nodes.Template:
    """The same template, its costs written into it.

    Raises:
        TemplateSyntaxError: It has a loop that calls itself: nobody could count its steps.
    """
    environment = template.environment
    changed = _Rewriter(name, filename).visit(template)
    assert isinstance(changed, nodes.Template)  # noqa: S101 (a visitor may return anything)
    assert environment is not None  # noqa: S101 (the parser has just set it)
    changed.set_environment(environment)
    return changed


class _Rewriter(NodeTransformer):
    def __init__(self, name: str | None, filename: str | None) -> None:
        self._name, self._filename = name, filename

    def visit_For(self, node: nodes.For) -> nodes.Node:
        if node.recursive:
            raise TemplateSyntaxError(
                "A loop may not be recursive.", node.lineno, self._name, self._filename
            )
        weight = _weight(node.body)
        self.generic_visit(node)
        node.iter = _call("counted", node.iter, nodes.Const(weight))
        return node

    def _paid(self, node: Any) -> nodes.Node:
        """A body that runs each time it is called for."""
        weight = _weight(node.body)
        self.generic_visit(node)
        first = nodes.ExprStmt(_call("step", nodes.Const(weight)))
        node.body.insert(0, first.set_lineno(node.lineno, override=True))
        paid: nodes.Node = node
        return paid

    visit_Template = _paid
    visit_Block = _paid
    visit_Macro = _paid
    visit_CallBlock = _paid

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _call("joined", *node.nodes)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        ends = (node.arg.start, node.arg.stop, node.arg.step)
        return _call("sliced", node.node, *(end or nodes.Const(None) for end in ends))

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = _weighed(node.expr)
        for operand in node.ops:
            operand.expr = _weighed(operand.expr)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:
        self.generic_visit(node)
        return _shown(node, node.items)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        # The names of {% for a, b in … %} are a tuple as well.
        return _shown(node, node.items) if node.ctx == "load" else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:
        self.generic_visit(node)
        return _shown(node, [part for pair in node.items for part in (pair.key, pair.value)])


def _weight(body: list[nodes.Node]) -> int:
    """What running it once costs: its nodes, those of inner loops once."""
    return STEP * (1 + sum(1 + sum(1 for _ in node.find_all(nodes.Node)) for node in body))


def _call(function: str, *values: nodes.Node) -> nodes.Call:
    made = nodes.Call(nodes.EnvironmentAttribute(function), list(values), [], None, None)
    # Those of our own have no line yet.
    made.set_lineno(next((value.lineno for value in values if value.lineno), 1))
    return made


def _weighed(node: nodes.Expr) -> nodes.Expr:
    return node if isinstance(node, nodes.Const) else _call("weighed", node)


def _shown(node: nodes.Expr, parts: list[nodes.Expr]) -> nodes.Expr:
    """A list, tuple or dict written in a template; one of plain words needs no look."""
    return node if all(isinstance(part, nodes.Const) for part in parts) else _call("flat", node)
