"""The weights of the best epoch, a second set beside those that a run goes on from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vaegui.training.model.state import TrainerState, assign_all, check_state_fits

__all__ = ["BestWeights"]

_BEST, _LAST = "best/", "last/"


class BestWeights:
    """Keeps the weights of the best epoch, and puts them into the model to be looked at.

    While they are `shown`, the run's own weights, those after its last step, are set aside here.

    Parameters
    ----------
    variables
        The model's trainable weights by name.
    """

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        # The best weights and the run's own. Arrays in them are never changed, only replaced.
        self._sets: tuple[TrainerState, TrainerState] = {}, {}

    @property
    def shown(self) -> bool:
        """Whether the model has the best weights, and not those that the run goes on from."""
        return bool(self._sets[1])

    def keep(self) -> None:
        """Remember the model's weights as the best so far."""
        self._sets = self._copies(), self._sets[1]

    def show(self) -> bool:
        """Put the best weights into the model. False if none are known: all is as it was."""
        best, last = self._sets
        if not best:
            return False
        self._sets = best, last or self._copies()
        assign_all(self._variables, best)
        return True

    def put_back(self) -> bool:
        """Put the run's own weights into the model; whether it had the best ones."""
        best, last = self._sets
        if not last:
            return False
        assign_all(self._variables, last)
        self._sets = best, {}
        return True

    def forget(self) -> None:
        """Make what the model has now the run's own weights, and none the best."""
        self._sets = {}, {}

    def state(self) -> TrainerState:
        """Both sets as they lie in a model file: none, the best, or the best and the last."""
        sets = zip((_BEST, _LAST), self._sets, strict=True)
        return {prefix + name: array for prefix, arrays in sets for name, array in arrays.items()}

    def restore(self, state: TrainerState) -> None:
        """Take both sets out of a state. Raises `SettingsError` if they do not fit the model.

        The caller puts the best weights into the model if there are both.
        """
        best, last = (_taken(state, prefix) for prefix in (_BEST, _LAST))
        for arrays in filter(None, (best, last)):
            check_state_fits(self._variables, arrays)
        self._sets = best, last

    def _copies(self) -> TrainerState:
        return {name: np.asarray(variable).copy() for name, variable in self._variables.items()}


def _taken(state: TrainerState, prefix: str) -> TrainerState:
    names = [name for name in state if name.startswith(prefix)]
    return {name.removeprefix(prefix): state.pop(name) for name in names}
