"""The policy pack: what must hold of every stack, checked by the engine before anything changes."""
