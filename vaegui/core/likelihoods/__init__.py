"""The likelihoods p(x|z) that a decoder can parametrise. One file for each."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vaegui.core.likelihoods.bernoulli import Bernoulli
from vaegui.core.likelihoods.continuous_bernoulli import ContinuousBernoulli
from vaegui.core.likelihoods.gaussian import Gaussian, LearnedGaussian
from vaegui.core.likelihoods.laplace import Laplace

__all__ = [
    "Bernoulli",
    "ContinuousBernoulli",
    "Gaussian",
    "Laplace",
    "LearnedGaussian",
    "Likelihood",
]

Likelihood = Annotated[
    Bernoulli | ContinuousBernoulli | Gaussian | LearnedGaussian | Laplace,
    Field(discriminator="kind"),
]
