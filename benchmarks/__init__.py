"""What is measured, against what. ``python -m benchmarks`` runs all and writes docs/benchmarks.md."""
