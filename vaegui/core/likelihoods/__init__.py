"""The likelihoods p(x|z) that a decoder can parametrise. One file for each."""

from __future__ import annotations

from vaegui.core.likelihoods.bernoulli import Bernoulli

__all__ = ["Bernoulli", "Likelihood"]

Likelihood = Bernoulli
