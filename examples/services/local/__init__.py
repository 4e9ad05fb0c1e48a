"""The services and what they need, on this machine: for `make services`, tests, bench."""
