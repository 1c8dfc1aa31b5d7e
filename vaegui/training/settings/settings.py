"""Every choice that makes a run, declared once."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ValidationError

from vaegui import strict_json
from vaegui.core.architectures import Architecture, Conditional, Dense, ImportedLayers
from vaegui.core.likelihoods import Bernoulli, Likelihood
from vaegui.core.objective import Objective
from vaegui.core.posteriors import GaussianPosterior, Posterior
from vaegui.data import BundledMnist, DataChoice, GivenArray, OwnData
from vaegui.data.dataset import Dataset
from vaegui.data.one_class import one_class
from vaegui.data.own.known import is_known
from vaegui.data.rescale import AsIs, Rescale
from vaegui.declared import Declared, setting
from vaegui.errors import DataError, SettingsError
from vaegui.progress import ProgressCallback
from vaegui.training.settings.faults import settings_error, unknown_setting
from vaegui.training.settings.optimisers import Adam, Optimiser
from vaegui.training.settings.stopping import NoEarlyStopping, Stopping

__all__ = ["MOST_UNITS", "Settings", "Training"]

MOST_UNITS = 1024
"""Latent units of a model."""


class Training(Declared):
    """How long and in what portions to train."""

    epochs: int = setting(
        20,
        title="Epochs",
        help="How often training goes through all examples.",
        term="epoch",
        ge=1,
        le=100_000,
    )
    batch_size: int = setting(
        128,
        title="Batch size",
        help="Examples in each step; larger ones are faster per example but update less often.",
        unit="examples",
        ge=1,
        le=65_536,
    )
    seed: int = setting(
        0,
        title="Seed",
        help="Start of all random numbers; the same seed gives the same run again.",
        ge=0,
        le=2**31 - 1,
        more=True,
    )
    compiler: Literal["auto", "xla", "graph"] = setting(
        "auto",
        title="Compiler",
        help="How the step is compiled; auto measures which is faster, once for each network.",
        more=True,
    )
    precision: Literal["float32", "mixed"] = setting(
        "float32",
        title="Precision",
        help="Mixed computes in 16 bits where it helps; only GPUs gain by it.",
        more=True,
    )
    deterministic: bool = setting(
        False,
        title="Deterministic",
        help="Make a GPU give the same bits in every run, more slowly; a CPU always does.",
        more=True,
    )
    device: Literal["auto", "CPU", "GPU:0", "GPU:1", "GPU:2", "GPU:3"] = setting(
        "auto",
        title="Device",
        help="auto takes the first GPU if there is one, and the CPU otherwise.",
        more=True,
    )
    stopping: Stopping = setting(
        NoEarlyStopping(), title="End", help="When training ends.", more=True
    )
    keep: Literal["last", "best"] = setting(
        "last",
        title="Keep",
        help="Whether the model at a run's end has the last weights, or those of the best "
        "validation loss. Training on goes on from the last in either case.",
        more=True,
    )


class Settings(Declared):
    """All choices of one run, with the defaults of the program."""

    data: DataChoice = setting(
        BundledMnist(), title="Data", help="The examples that the model learns from."
    )
    rescale: Rescale = setting(
        AsIs(), title="Scale", help="How values are brought to the scale the model sees.", more=True
    )
    architecture: Architecture = setting(
        Dense(), title="Architecture", help="The layers of the encoder and the decoder."
    )
    latent_units: int = setting(
        2,
        title="Latent units",
        term="latent-unit",
        help="Dimensions of the latent space; two can be seen whole, more reconstruct better.",
        unit="units",
        ge=1,
        le=MOST_UNITS,
    )
    posterior: Posterior = setting(
        GaussianPosterior(),
        title="Posterior",
        term="posterior",
        help="What the encoder gives each input.",
        more=True,
    )
    likelihood: Likelihood = setting(
        Bernoulli(),
        title="Likelihood",
        help="What the decoder's output says of each value.",
        term="likelihood",
    )
    objective: Objective = setting(
        Objective(), title="Objective", help="The terms of the loss and their weights.", term="elbo"
    )
    optimiser: Optimiser = setting(
        Adam(), title="Optimiser", help="How gradients become changes of the weights."
    )
    training: Training = setting(
        Training(), title="Training", help="How long and in what portions to train."
    )

    def with_values(self, values: dict[str, Any]) -> Settings:
        """A copy with some values changed, named by dotted path.

        ``values`` maps e.g. ``"training.epochs"`` to 5; what is in a list is named by its number
        from 0, or by its own name: ``"data.columns.age.role"``. Setting a ``kind`` first puts that
        alternative's defaults in place, whatever the order of the names.

        Raises
        ------
        SettingsError
            For an unknown name or a value out of bounds; it names the path.
        """
        document: dict[str, Any] = self.model_dump(mode="json")
        for path, value in sorted(values.items(), key=_kinds_first):
            *parents, leaf = path.split(".")
            node = document
            for parent in parents:
                node = _inner(node, parent, path)
            if not isinstance(node, dict):
                raise unknown_setting(path)
            if leaf == "kind":
                if node.get("kind") != value:
                    node.clear()
            elif leaf not in node and "kind" not in node:
                raise unknown_setting(path)
            node[leaf] = value
        return Settings.from_document(document)

    def same_model(self, other: Settings) -> bool:
        """Whether a run with these settings can go on with the other.

        What a model is must be the same. Epochs, beta, the learning rate and when to end may
        change within a run, and so may where and how it is computed: device and compiler.
        """
        return self._fixed() == other._fixed()

    def same_network(self, other: Settings) -> bool:
        """Whether they describe the same model on other data, or on data of another scale.

        A conditional model is the same under each condition.
        """
        changes = {"data": other.data, "rescale": other.rescale}
        return self._told(other).model_copy(update=changes).same_model(other)

    def another_condition(self, other: Settings) -> bool:
        """Whether they describe the same conditional model on the same data, told another thing."""
        return self.architecture != other.architecture and self._told(other).same_model(other)

    def _told(self, other: Settings) -> Settings:
        """A copy under the condition of the other, if both have one."""
        net, another = self.architecture, other.architecture
        if not isinstance(net, Conditional) or not isinstance(another, Conditional):
            return self
        told = net.model_copy(update={"condition": another.condition})
        return self.model_copy(update={"architecture": told})

    def live_changes(self, other: Settings) -> str:
        """Say in a few words how beta and learning rate differ in the other, or ''."""
        changes = (
            ("learning rate", self.optimiser.learning_rate, other.optimiser.learning_rate),
            ("beta", self.objective.beta, other.objective.beta),
        )
        return ", ".join(f"{what} {new:g}" for what, old, new in changes if new != old)

    def check(self) -> str:
        """Warn of what is allowed but hardly intended, in a sentence; '' if there is no such."""
        # A plain autoencoder has no KL term that could be weighed.
        return self.objective.check(self.training.epochs) if self.has_spread else ""

    @property
    def has_spread(self) -> bool:
        """Whether each input has a Gaussian; a plain autoencoder gives it a point."""
        return isinstance(self.posterior, GaussianPosterior)

    @property
    def has_encoder(self) -> bool:
        """Whether it is more than a decoder, which came without its encoder."""
        return not (
            isinstance(self.architecture, ImportedLayers) and self.architecture.encoder is None
        )

    @property
    def read_outs(self) -> int:
        """How many numbers are read off the hidden vector for each unit: mean and log-variance."""
        return 2 if self.has_spread else 1

    @property
    def array(self) -> GivenArray:
        """How an array that a script gives is used: as set, or else by default."""
        return self.data if isinstance(self.data, GivenArray) else GivenArray()

    def with_data(self, data: DataChoice) -> Settings:
        """A copy with other data."""
        return self.model_copy(update={"data": data})

    def load_data(self, progress: ProgressCallback) -> Dataset:
        """Load the data and bring them to their scale.

        Raises
        ------
        DataError
            If they cannot be had. Files are read only if the user opened them in this program
            before: a path may come with the file of a stranger's model.
        """
        self.require_encoder()
        if isinstance(self.data, OwnData) and not is_known(self.data.path):
            raise DataError(
                f"The model names {self.data.path} as its data, which was not read: it was never "
                "opened in this program before.",
                "If you know what it is, have it read: press Read, or name it by --data or, in "
                "Python, vaegui.load(model, data=path). Or choose other data.",
            )
        return self.scaled(self.data.load(progress), progress)

    def require_encoder(self) -> None:
        """Raise `DataError` if there is none: data are of no use to a decoder alone."""
        if not self.has_encoder:
            raise DataError(
                "This is a decoder alone: there is nothing to encode or to train with.",
                "Import its encoder with it: choose both files.",
            )

    def scaled(self, dataset: Dataset, progress: ProgressCallback) -> Dataset:
        """Bring data to the scale that is set. Reads all of them once. Raises `DataError`.

        Of a conditional model they are the examples of the class that is its condition.
        """
        self.require_encoder()
        scaled = self.rescale.apply(dataset.examined(progress))
        net = self.architecture
        if not isinstance(net, Conditional) or net.label_of_class is None or not net.classes:
            return scaled
        # All examples say how values are scaled, as when the model was trained.
        return one_class(scaled, net.label_of_class, net.classes).examined(progress)

    def _fixed(self) -> dict[str, Any]:
        return self.model_dump(
            exclude={
                "training": {"epochs", "stopping", "keep", "device", "compiler"},
                "objective": {"beta"},
                "optimiser": {"learning_rate"},
            }
        )

    @staticmethod
    def from_document(document: Any) -> Settings:
        """Settings from a JSON document. Raises `SettingsError` naming the first fault."""
        try:
            return Settings.model_validate(document)
        except ValidationError as error:
            raise settings_error(error, Settings) from None

    @staticmethod
    def from_json(text: str) -> Settings:
        """Settings from JSON text. Raises `SettingsError`."""
        try:
            document = strict_json.parse(text.encode())
        except ValueError as error:
            raise SettingsError(
                f"The settings are not JSON that can be used: {error}.",
                "Export them again, or mend the file.",
            ) from None
        return Settings.from_document(document)


def _inner(node: Any, name: str, path: str) -> Any:
    """The group called ``name`` in another, or in a list by its number or by what it is called."""
    if isinstance(node, list):
        found = [one for one in node if isinstance(one, dict) and one.get("name") == name]
        if name.isdecimal() and int(name) < len(node):
            found.append(node[int(name)])
        if not found:
            raise unknown_setting(path)
        return found[0]
    if "kind" in node:
        node.setdefault(name, {})
    if not isinstance(node.get(name), dict | list):
        raise unknown_setting(path)
    return node[name]


def _kinds_first(item: tuple[str, Any]) -> tuple[bool, int]:
    """Order in which values are set: kinds before their fields, outer kinds before inner ones."""
    path = item[0]
    return not path.endswith(".kind"), path.count(".")
