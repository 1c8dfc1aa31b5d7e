"""Every technical term once: a sentence, a formula, and where the user guide explains it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TERMS", "Term"]


@dataclass(frozen=True, slots=True)
class Term:
    """A technical term.

    Parameters
    ----------
    title
        The term itself; a heading of the user guide's glossary.
    sentence
        What it means, in one sentence.
    formula
        Its formula as matplotlib's mathtext and TeX both read it, without dollar signs; or ''.
    """

    title: str
    sentence: str
    formula: str = ""

    @property
    def anchor(self) -> str:
        """Name of its place in the user guide, as Markdown makes it of a heading."""
        kept = "".join(c for c in self.title.lower() if c.isalnum() or c in " -_")
        return kept.replace(" ", "-")


TERMS: dict[str, Term] = {
    "latent-unit": Term(
        "Latent unit",
        "One dimension of the latent space, in which each input is a Gaussian.",
        r"z = (z_1, \ldots, z_k)",
    ),
    "encoder": Term(
        "Encoder",
        "The part of the network that computes a mean and a standard deviation from an input.",
        r"x \mapsto \mu(x), \sigma(x)",
    ),
    "decoder": Term(
        "Decoder",
        "The part of the network that turns a point of the latent space into something like an "
        "input.",
        r"z \mapsto p(x \mid z)",
    ),
    "hidden-vector": Term(
        "Hidden vector",
        "The numbers a that the encoder's last hidden layer computes from an input; mean and "
        "log-variance are read out of it.",
        r"a = (a_1, \ldots, a_m)",
    ),
    "read-out": Term(
        "Read-out",
        "A learned weighted sum of the hidden vector plus a bias; each latent unit has two, one "
        "for its mean and one for its log-variance.",
        r"\mu_i = \sum_j w_{ij} a_j + b_i",
    ),
    "mean": Term(
        "Mean",
        "Where the Gaussian of an input is centred: an output of the network, different for each "
        "input, and not the mean of the hidden vector.",
        r"\mu_i(x) = \sum_j w_{ij}\, a_j(x) + b_i",
    ),
    "log-variance": Term(
        "Log-variance",
        "The logarithm of the variance, which the network reads out because it may be any number.",
        r"\log \sigma_i^2(x) = \sum_j v_{ij}\, a_j(x) + c_i",
    ),
    "standard-deviation": Term(
        "Standard deviation",
        "How wide the Gaussian of an input is in a latent unit, computed from the log-variance.",
        r"\sigma_i = \exp(\log \sigma_i^2 \,/\, 2)",
    ),
    "parameter": Term(
        "Parameter",
        "A weight or a bias: learned in training and then the same for all inputs, while means "
        "and standard deviations are outputs.",
        r"\theta \leftarrow \theta - \eta\, \nabla_\theta L",
    ),
    "posterior": Term(
        "Posterior",
        "The Gaussian that the encoder gives to one input.",
        r"q(z \mid x) = N(\mu(x), \sigma^2(x))",
    ),
    "aggregate-posterior": Term(
        "Aggregate posterior",
        "The mixture of the Gaussians of all inputs, which training brings close to the prior.",
        r"q(z) = \frac{1}{n} \sum_{x} q(z \mid x)",
    ),
    "prior": Term(
        "Prior",
        "The Gaussian from which latent points are drawn when there is no input.",
        r"p(z) = N(0, I)",
    ),
    "reparameterisation": Term(
        "Reparameterisation",
        "Writing a draw from a Gaussian as a function of its mean and standard deviation and of "
        "noise, so that gradients pass through it.",
        r"z_i = \mu_i + \sigma_i\, \epsilon_i, \quad \epsilon_i \sim N(0, 1)",
    ),
    "likelihood": Term(
        "Likelihood",
        "The distribution of the values of an input given a latent point, whose parameters the "
        "decoder computes.",
        r"p(x \mid z)",
    ),
    "reconstruction": Term(
        "Reconstruction term",
        "How improbable an input is given a point drawn from its own Gaussian, in nats.",
        r"-\log p(x \mid z), \quad z \sim q(z \mid x)",
    ),
    "kl": Term(
        "KL divergence",
        "How far the Gaussian of an input is from the prior, in nats, summed over latent units.",
        r"\frac{1}{2} \sum_i (\sigma_i^2 + \mu_i^2 - 1 - \log \sigma_i^2)",
    ),
    "elbo": Term(
        "ELBO",
        "A lower bound on log p(x), the evidence; its negative is the loss.",
        r"\log p(x) \geq E_q[\log p(x \mid z)] - KL(q(z \mid x), p(z))",
    ),
    "beta": Term(
        "Beta",
        "The weight of the KL divergence in the loss; 1 gives the ELBO.",
        r"L = -\log p(x \mid z) + \beta\, KL",
    ),
    "nat": Term(
        "Nat",
        "The unit of information when logarithms are natural ones; about 1.44 bits.",
        r"1\ nat = 1 / \log 2\ bits",
    ),
    "warm-up": Term(
        "KL warm-up",
        "Beta grows from 0 at first, so that latent units are put to use before they cost.",
        r"\beta(t) = \beta\, \min(1, t / T)",
    ),
    "free-bits": Term(
        "Free bits",
        "KL up to a limit costs nothing in each latent unit.",
        r"\sum_i \max(\lambda, KL_i)",
    ),
    "capacity": Term(
        "Capacity target",
        "The KL divergence is held at a target that grows as training goes on.",
        r"\beta\, |KL - C|",
    ),
    "learning-rate": Term(
        "Learning rate",
        "How far each step moves the parameters along the gradient.",
        r"\theta \leftarrow \theta - \eta\, \nabla_\theta L",
    ),
    "epoch": Term(
        "Epoch",
        "One pass through all training examples; each of its steps updates the parameters once.",
        r"steps = \lceil examples / batch\ size \rceil",
    ),
    "total-variance": Term(
        "Law of total variance",
        "The spread of latent points over a whole data set is the mean of the variances of single "
        "inputs plus the variance of their means.",
        r"Var[z] = E[\sigma^2(x)] + Var[\mu(x)]",
    ),
    "standard-error": Term(
        "Standard error",
        "How far the mean of a sample typically is from the true mean.",
        r"\sigma \,/\, \sqrt{N}",
    ),
}
"""By name; the order is that of the glossary."""
