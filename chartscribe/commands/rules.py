"""``chartscribe rules``: show the rules behind hypotheses, and check files of one's own."""

from __future__ import annotations

import click

from chartscribe.console import Console
from chartscribe.outputs import write_stdout
from chartscribe.rule_files import read_knowledge, read_text
from digitizer.errors import ChartscribeError

DONE, WRONG, UNREADABLE = 0, 1, 2


@click.group("rules", short_help="Show the rules behind hypotheses, check rule files of your own.")
def command() -> None:
    """Show the rules that turn findings into hypotheses, and check rule files of your own.

    A rule file is TOML: which quantities, which findings, what they may mean, what would confirm
    or refute it. docs/rules.md tells the fields. describe --rules FILE uses it.

    \b
    Examples:
      chartscribe rules list
      chartscribe rules check mine.toml
      chartscribe describe loss.png -o - --rules mine.toml
    """


@command.command("list", short_help="List all rules: id, title, source.")
@click.option(
    "--rules", "files", multiple=True, metavar="FILE", help="Add a rule file of your own; may be repeated."
)
@click.option("--quantities", is_flag=True, help="List the quantities and the words that name them instead.")
@click.pass_context
def list_rules(context: click.Context, files: tuple[str, ...], quantities: bool) -> None:
    """List all rules: id, title and source, one a line.

    \b
    Examples:
      chartscribe rules list
      chartscribe rules list --quantities
      chartscribe rules list --rules mine.toml
    """
    from interpret.knowledge.load import load_knowledge

    try:
        known = read_knowledge(files) or load_knowledge()
    except ChartscribeError as error:
        Console().report(error)
        context.exit(UNREADABLE)
    if quantities:
        lines = [f"{q.id:18} better {q.better:8} {', '.join(q.words)}" for q in known.quantities]
    else:
        rules = {rule.id: rule for rule in reversed(known.rules)}
        ordered = [rules[name] for name in sorted(rules, key=_in_order)]
        lines = [f"{rule.id:5} {rule.title:32} {rule.source}" for rule in ordered]
    write_stdout("\n".join(lines) + "\n")


@command.command("check", short_help="Check a rule file and say what is wrong with it.")
@click.argument("file", metavar="FILE")
@click.pass_context
def check_file(context: click.Context, file: str) -> None:
    """Check a rule file: its fields, quantities and kinds of findings, and that it hedges.

    Exit status: 0 all right, 1 something is wrong (told on standard output, a problem a line), 2
    the file cannot be read.

    \b
    Example:
      chartscribe rules check mine.toml
    """
    from interpret.knowledge.load import KnowledgeError, add_rules, load_knowledge

    base = load_knowledge()
    try:
        known = add_rules(read_text(file), file, base)
    except ChartscribeError as error:
        Console().report(error)
        context.exit(UNREADABLE)
    except KnowledgeError as error:
        write_stdout("\n".join(error.problems) + "\n")
        context.exit(WRONG)
    n_rules = len(known.rules) - len(base.rules)
    n_quantities = len(known.quantities) - len(base.quantities)
    write_stdout(f"{file}: all right; {_count(n_rules, 'rule')}, {_count(n_quantities, 'quantity')}\n")


def _in_order(name: str) -> tuple[str, int, str]:
    """R2 before R10."""
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :] or 0), name


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun.removesuffix('y')}{'ies' if noun.endswith('y') else 's'}"
