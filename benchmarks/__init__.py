"""What is measured, against what. ``python -m benchmarks`` writes docs/benchmarks.md."""
