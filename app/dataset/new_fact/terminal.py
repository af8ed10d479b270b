"""Questions in a terminal: completion while typing, and a line to edit. Needs prompt_toolkit."""

from collections.abc import Iterator

from prompt_toolkit import print_formatted_text, prompt
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText

from app.dataset.findings import shorten, visible
from app.dataset.new_fact.options import matches
from app.dataset.new_fact.questions import Question


class PromptTerminal:
    """Whoever sits at the terminal that the process has."""

    def ask(self, question: Question) -> str:
        """Return the line that is typed, without spaces around it.

        Raises KeyboardInterrupt or EOFError where it isn't answered.
        """
        typed = prompt(f"{question.text}: ", default=question.default, completer=_Options(question))
        return typed.strip()

    def say(self, text: str) -> None:
        """Print a line."""
        print_formatted_text(visible(text))

    def refuse(self, reason: str) -> None:
        """Print a line that stands out."""
        print_formatted_text(FormattedText([("ansired", f"  {visible(reason)}")]))


class _Options(Completer):
    """Completes a line, or the last item of a list, from the options of a question."""

    def __init__(self, question: Question) -> None:
        self._question = question

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002  # the base class asks for it
    ) -> Iterator[Completion]:
        """Yield what the text before the cursor may become."""
        typed = document.text_before_cursor
        if self._question.is_list:
            typed = typed.rpartition("|")[2]
        for option in matches(typed, self._question.options):
            meant = ", ".join(filter(None, (*option.names, option.note)))
            yield Completion(
                option.word,
                start_position=-len(typed),
                display_meta=visible(shorten(meant)),
            )
