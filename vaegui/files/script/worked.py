"""The worked example as source text: one input taken apart, number by number."""

from __future__ import annotations

from vaegui.files.script.source import block, joined

__all__ = ["worked"]

READ_OUT = block('''
    def print_read_out(name, a, weights, bias, value):
        """Print how one number is read out of the hidden vector: products and their sum."""
        products = a * weights
        largest = np.sort(np.argsort(-np.abs(products), kind="stable")[:ROWS])
        print(f"\\n{'j':>5} {'a_j':>12} {'weight':>12} {'product':>12} {'sum so far':>12}")
        so_far = 0.0
        for j in largest:
            so_far += products[j]
            print(f"{j + 1:5} {a[j]:12.6f} {weights[j]:12.6f} {products[j]:12.6f} {so_far:12.6f}")
        if len(largest) < len(a):
            others = products.sum() - so_far
            print(f"{len(a) - len(largest)} others {others:41.6f} {so_far + others:12.6f}")
        print(f"{'+ bias':31} {bias:12.6f} {products.sum() + bias:12.6f}")
        print(f"{name} = {products.sum() + bias:.6f}   (the network computes {value:.6f})")
''')

TAKE_APART = block('''
    def take_apart(vae, x, eps, scaling):
        """Print how the Gaussian of one input, z and the loss are computed."""
        seen = to_model(x, scaling)[None]
        mean_layer, log_var_layer = (vae.encoder.get_layer(n) for n in ("mean", "log_var"))
        hidden = keras.Model(vae.encoder.input, mean_layer.input)
        a = np.asarray(hidden(seen), np.float64)[0]
        posterior = {k: np.asarray(v, np.float64)[0] for k, v in vae.encoder(seen).items()}
        mean, log_var = posterior["mean"], posterior["log_var"]
        for unit in SHOWN:
            for name, layer, value in (
                (f"mu_{unit + 1}", mean_layer, mean),
                (f"log_var_{unit + 1}", log_var_layer, log_var),
            ):
                weights, bias = (np.asarray(w, np.float64) for w in layer.get_weights())
                print_read_out(name, a, weights[:, unit], bias[unit], value[unit])
        sigma = np.exp(np.asarray(bounded(tf.constant(log_var))) / 2)
        z = mean + sigma * eps
        reconstruction, kl = vae.terms(tf.constant(seen), tf.constant(eps[None]))
        kl = np.asarray(kl)[0]
        names = ("mu", "log_var", "sigma", "eps", "z", "KL")
        print(f"\\n{'unit':>5}", " ".join(f"{name:>12}" for name in names))
        for i, row in enumerate(zip(mean, log_var, sigma, eps, z, kl, strict=True), 1):
            print(f"{i:5}", " ".join(f"{number:12.6f}" for number in row))
        total = vae.total(reconstruction[0], tf.constant(kl)).numpy()
        print(f"\\nreconstruction term = {reconstruction[0].numpy():.6f} nats")
        print(f"KL = {kl.sum():.6f} nats, weighed with beta = {vae.beta.numpy():g}")
        print(f"loss of this input = {total:.6f} nats")
        decoded = np.asarray(expected(vae.decoder(z[None].astype(np.float32))))[0]
        print(f"mean |x - decoded z| = {np.abs(seen[0] - decoded).mean():.6f}")
''')

FEATURES = """
    print(f"\\n{'feature':>32} {'x':>12} {'decoded':>12}")
    own = (decoded - np.asarray(scaling[1])) / np.asarray(scaling[0])
    for name, value, again in zip(FEATURES, x, own, strict=True):
        print(f"{name:>32} {value:12.4f} {again:12.4f}")"""


def worked(*, features: bool) -> str:
    """Functions that print the example; ``features``: whether values have names, in FEATURES."""
    return joined(READ_OUT, TAKE_APART + FEATURES * features)
