"""What is asked of the present model: questions that stand, and experiments between its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vaegui.queries.experiments import Experiment
from vaegui.queries.questions import Decode, Explain, Inspect, Line, Question
from vaegui.training.record.events import Answer, Event

if TYPE_CHECKING:
    from vaegui.queries.laboratory import Laboratory
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["Curiosity"]


class Curiosity:
    """The worker's account of what somebody wants to know of its model. For its thread only.

    Parameters
    ----------
    tell
        Takes answers and findings.

    Attributes
    ----------
    laboratory
        The experiments on the present model, or None before the first.
    """

    def __init__(self, tell: Callable[[Event], object]) -> None:
        self._tell = tell
        self._standing: dict[type[Question], tuple[Question, int]] = {}
        self.laboratory: Laboratory | None = None

    def clear(self) -> None:
        """Forget everything: another model takes the place of the one it was about."""
        self._standing.clear()
        self.laboratory = None

    def stand(self, question: Question, generation: int) -> None:
        """Keep a question; it replaces the one of its class."""
        self._standing[type(question)] = question, generation

    def withdraw(self, kind: type[Question]) -> None:
        """Drop the question of a class."""
        self._standing.pop(kind, None)

    def answer_all(self, trainer: Trainer) -> None:
        """Answer all questions that stand anew, with a snapshot."""
        for question, generation in list(self._standing.values()):
            self.answer(trainer, question, generation, again=True)

    def answer(
        self, trainer: Trainer, question: Question, generation: int, *, again: bool = False
    ) -> None:
        """Answer a question, unless it was asked about a model that has been given up meanwhile."""
        if _fits(question, trainer):
            content = trainer.answer(question, again=again)
            self._tell(Answer(question, generation, trainer.step, content))

    def experiment(self, trainer: Trainer, experiment: Experiment, generation: int) -> None:
        """Begin an experiment on the present model."""
        # TensorFlow comes with it.
        from vaegui.queries.laboratory import Laboratory

        if self.laboratory is None:
            self.laboratory = Laboratory(trainer, self._tell)
        self.laboratory.begin(experiment, generation)

    def end_experiment(self, kind: type[Experiment]) -> None:
        """End the experiment of a class, if one is under way."""
        if self.laboratory is not None:
            self.laboratory.end(kind)

    def trained(self, seconds: float) -> None:
        """Note that the model trained for so long, of which experiments get their share."""
        if self.laboratory is not None:
            self.laboratory.trained(seconds)


def _fits(question: Question, trainer: Trainer) -> bool:
    """Whether a question can be about a trainer's model."""
    match question:
        case Decode():
            return len(question.z) == trainer.settings.latent_units
        case Inspect():
            return 0 <= question.probe < len(trainer.probes)
        case Explain():
            hidden = trainer.hidden_units
            held = all(0 <= index < hidden for index, _ in question.held)
            return held and 0 <= question.probe < len(trainer.probes)
        case Line():
            ends = question.start, question.end
            return all(0 <= end < len(trainer.probes) for end in ends)
