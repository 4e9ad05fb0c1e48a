"""Alert rules on Prometheus's own promtool: cases as data, and what runs them."""
