"""The benchmarks, one module each, called as its benchmark is; sql/bench/README.md tells how."""
