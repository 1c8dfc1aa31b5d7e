"""Optimiser, schedules and the loop over epochs as source text."""

from __future__ import annotations

import math
from typing import assert_never

from vaegui.core.objective import Capacity
from vaegui.core.schedules import (
    ConstantRate,
    CosineRate,
    CyclicalWarmUp,
    LinearWarmUp,
    NoWarmUp,
    PlateauRate,
    StepRate,
)
from vaegui.files.script.loss import changes_beta
from vaegui.files.script.source import block, call, joined
from vaegui.training.settings.settings import Settings
from vaegui.training.settings.stopping import EarlyStopping

__all__ = ["course"]


def course(settings: Settings) -> str:
    """Functions: schedules, ``make_optimizer``, ``validate``, ``train``."""
    return joined(
        _rate(settings),
        _weight(settings),
        _capacity(settings),
        _optimiser(settings),
        _train(settings),
    )


def _settled(settings: Settings) -> int:
    """Epochs after which validation losses can be compared."""
    return math.ceil(settings.objective.settled_after(settings.training.epochs))


def _changes_rate(settings: Settings) -> bool:
    return not isinstance(settings.optimiser.schedule, ConstantRate)


def _rate(settings: Settings) -> str:
    match settings.optimiser.schedule:
        case ConstantRate():
            return ""
        case CosineRate(warm_up=warm_up, final=final):
            return COSINE.replace("WARM_UP", repr(warm_up)).replace("FINAL", repr(final))
        case StepRate(every=every, by=by):
            return STEPS.replace("EVERY", repr(every)).replace("BY", repr(by))
        case PlateauRate(patience=patience, by=by):
            text = PLATEAU.replace("PATIENCE", repr(patience)).replace("BY", repr(by))
            return text.replace("SETTLED", f"[{_settled(settings)}:]" if _settled(settings) else "")
        case other:
            assert_never(other)


def _weight(settings: Settings) -> str:
    match settings.objective.warm_up:
        case NoWarmUp():
            return ""
        case LinearWarmUp(length=length):
            return LINEAR.replace("LENGTH", repr(length))
        case CyclicalWarmUp(cycles=cycles, ramp=ramp):
            return CYCLICAL.replace("CYCLES", repr(cycles)).replace("RAMP", repr(ramp))
        case other:
            assert_never(other)


def _capacity(settings: Settings) -> str:
    return CAPACITY if isinstance(settings.objective.constraint, Capacity) else ""


def _optimiser(settings: Settings) -> str:
    chosen = settings.optimiser
    arguments = chosen.model_dump(exclude={"kind", "learning_rate", "schedule", "clip_norm"})
    if chosen.clip_norm:
        arguments["global_clipnorm"] = chosen.clip_norm
    made = call(f"return keras.optimizers.{type(chosen).__name__}(", arguments)
    made = made.replace("(", "(LEARNING_RATE, " if arguments else "(LEARNING_RATE", 1)
    return f'def make_optimizer():\n    """What changes the weights."""\n{made}'


def _train(settings: Settings) -> str:
    """The loop, with only those lines that these settings need."""
    at, stopping = "epoch + i / steps", settings.training.stopping
    before = []
    if _changes_rate(settings):
        before.append(f"vae.optimizer.learning_rate.assign(learning_rate({at}, epochs, losses))")
    if changes_beta(settings.objective):
        before.append(f"vae.beta.assign(kl_weight({at}, epochs))")
    if isinstance(settings.objective.constraint, Capacity):
        before.append(f"vae.capacity.assign(capacity({at}))")
    keeps = settings.training.keep == "best"
    first, after = _settled(settings), []
    counted = f"losses[{first}:]" if first else "losses"
    if keeps:
        after.append(f"if {counted} and losses[-1] == min({counted}):")
        after.append("    best = epoch + 1, vae.get_weights()")
    if isinstance(stopping, EarlyStopping):
        after.append(f"if no_longer_improves({counted}):")
        after.append('    print("The validation loss no longer improves.")')
        after.append("    break")
    text = TRAIN
    for mark, lines in (("BEFORE", before), ("AFTER", after)):
        filled = []
        for line in text.split("\n"):
            indent = line[: len(line) - len(line.lstrip())]
            filled += [f"{indent}{new}" for new in lines] if line.strip() == mark else [line]
        text = "\n".join(filled)
    text = text.replace("    BEST_BEFORE\n", "    best = None\n" if keeps else "")
    text = text.replace("\nBEST_AFTER", BEST_AFTER if keeps else "")
    rule = _no_longer_improves(stopping) if isinstance(stopping, EarlyStopping) else ""
    return joined(rule, VALIDATE, text)


def _no_longer_improves(stopping: EarlyStopping) -> str:
    least = stopping.least
    text = NO_LONGER_IMPROVES.replace("PATIENCE", repr(stopping.patience))
    return text.replace("BEST", f"best - {least!r}" if least else "best")


COSINE = block('''
    def learning_rate(epoch, epochs, losses):
        """It rises linearly, then falls along half a cosine."""
        if epoch < WARM_UP:
            return LEARNING_RATE * epoch / WARM_UP
        done = min(1.0, (epoch - WARM_UP) / max(epochs - WARM_UP, 1e-9))
        return LEARNING_RATE * (FINAL + (1 - FINAL) * 0.5 * (1 + math.cos(math.pi * done)))
''')

STEPS = block('''
    def learning_rate(epoch, epochs, losses):
        """It is multiplied by BY every EVERY epochs."""
        return LEARNING_RATE * BY ** (epoch // EVERY)
''')

PLATEAU = block('''
    def learning_rate(epoch, epochs, losses):
        """It is multiplied by BY after PATIENCE epochs without a lower validation loss."""
        rate, best, waited = LEARNING_RATE, math.inf, 0
        for loss in lossesSETTLED:
            best, waited = (loss, 0) if loss < best else (best, waited + 1)
            if waited == PATIENCE:
                rate, waited = rate * BY, 0
        return rate
''')

LINEAR = block('''
    def kl_weight(epoch, epochs):
        """It grows linearly from 0 to BETA within LENGTH epochs."""
        return BETA * min(1.0, epoch / LENGTH)
''')

CYCLICAL = block('''
    def kl_weight(epoch, epochs):
        """It grows from 0 to BETA in each of CYCLES cycles, and stays there for their rest."""
        if epoch >= epochs:
            return BETA
        return BETA * min(1.0, (epoch * CYCLES / epochs) % 1.0 / RAMP)
''')

CAPACITY = block('''
    def capacity(epoch):
        """The KL that is aimed at: it grows from 0."""
        return CAPACITY * min(1.0, epoch / CAPACITY_EPOCHS)
''')

NO_LONGER_IMPROVES = block('''
    def no_longer_improves(losses):
        """Whether PATIENCE epochs have passed without a lower validation loss."""
        best, waited = math.inf, 0
        for loss in losses:
            best, waited = (loss, 0) if loss < BEST else (best, waited + 1)
        return waited >= PATIENCE
''')

VALIDATE = block('''
    def validate(vae, x_test, size):
        """Loss, reconstruction and KL over the test examples, with the same noise each time."""
        sums = np.zeros(3)
        for start in range(0, len(x_test), size):
            x = tf.constant(x_test[start : start + size])
            eps = tf.random.stateless_normal((len(x), UNITS), seed=[SEED, start])
            sums += len(x) * vae.loss_of(*vae.terms(x, eps)).numpy()
        return sums / len(x_test)
''')

TRAIN = block('''
    def noise(step, size):
        """The noise of a step, (size, UNITS): stretch number ``step`` of what the seed gives."""
        stretch = math.ceil(size * UNITS / 4)  # four normals are made of one number of the counter
        normals = tf.raw_ops.StatelessRandomNormalV2(
            shape=[4 * stretch],
            key=tf.constant([NOISE_SEED], tf.uint64),
            counter=tf.constant([step * stretch, 0], tf.uint64),
            alg=1,  # Philox
        )
        return tf.reshape(normals[: size * UNITS], (size, UNITS))


    def train(vae, x_train, x_test, epochs):
        """Train on batches in an order that follows from the seed; print some of the epochs."""
        vae.optimizer = make_optimizer()
        vae.optimizer.build(vae.trainable_variables)
        size = min(BATCH_SIZE, len(x_train))
        steps = math.ceil(len(x_train) / size)
        losses = []
        BEST_BEFORE
        for epoch in range(epochs):
            order = np.random.Generator(np.random.Philox(key=[SEED, epoch]))
            order = order.permutation(len(x_train))
            sums = np.zeros(3)
            for i in range(steps):
                rows = order[i * size : (i + 1) * size]
                BEFORE
                eps = noise(epoch * steps + i, size)[: len(rows)]
                sums += len(rows) * vae.step(tf.constant(x_train[rows]), eps).numpy()
            tested = validate(vae, x_test, size)
            losses.append(tested[0])
            if (epoch + 1) % max(1, epochs // 20) == 0 or epoch + 1 == epochs:
                trained = " ".join(f"{nats:9.4f}" for nats in sums / len(x_train))
                told = " ".join(f"{nats:9.4f}" for nats in tested)
                print(f"epoch {epoch + 1:5}   training {trained}   test {told}")
            AFTER
    BEST_AFTER
''')

BEST_AFTER = """
    if best:
        print(f"The weights are those of epoch {best[0]}.")
        vae.set_weights(best[1])"""
