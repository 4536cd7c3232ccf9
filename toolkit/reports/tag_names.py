"""Which names a template's tags use, as paths through its loops: ``row.name`` in a loop is ``rows[].name``."""

from collections.abc import Iterator

from jinja2 import nodes

Scope = dict[str, str | None]  # a name of the template's own → its path, None = anything
_LOOP = "loop"


def paths(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """(line, path) of every name that the template takes from the context."""
    yield from _body(tree.body, {})


def _body(body: list[nodes.Node], scope: Scope) -> Iterator[tuple[int, str]]:
    for node in body:
        yield from _node(node, scope)


def _node(node: nodes.Node, scope: Scope) -> Iterator[tuple[int, str]]:
    if isinstance(node, nodes.For):
        yield from _node(node.iter, scope)
        inner = {**scope, _LOOP: None}
        item = _path(node.iter, scope)
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = f"{item}[]" if item else None
        else:
            inner |= {name.name: None for name in node.target.find_all(nodes.Name)}
        if node.test is not None:
            yield from _node(node.test, inner)
        yield from _body(node.body, inner)
        yield from _body(node.else_, scope)
    elif isinstance(node, nodes.Assign):
        yield from _node(node.node, scope)
        for name in [node.target] if isinstance(node.target, nodes.Name) else node.target.find_all(nodes.Name):
            scope[name.name] = _path(node.node, scope)
    elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        path = _path(node, scope)
        if path:
            yield node.lineno, path
        elif not isinstance(node, nodes.Name):
            yield from _node(node.node, scope)
    else:
        for child in node.iter_child_nodes():
            yield from _node(child, scope)


def _path(node: nodes.Node, scope: Scope) -> str | None:
    """Path from the context, None where it cannot be told (a call, a sum, a loop's own counter)."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        parent = _path(node.node, scope)
        return f"{parent}.{node.attr}" if parent else None
    if isinstance(node, nodes.Getitem):
        parent = _path(node.node, scope)
        if parent and isinstance(node.arg, nodes.Const):
            return f"{parent}.{node.arg.value}" if isinstance(node.arg.value, str) else f"{parent}[]"
    return None
