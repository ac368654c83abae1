"""The policy pack, in front of the real engine."""
