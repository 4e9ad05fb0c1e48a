"""The simulated cloud itself: what it refuses, what id and outputs it gives, what replaces."""
