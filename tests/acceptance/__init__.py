"""Whole journeys: the commands of the README, with the real engine, the real SDKs and the real emulators."""
