"""The simulated kernel: a module a subsystem, named as the kernel's own.

Given rules, state and packets it produces *steps*, each with its reason; log lines are one projection of them.
Nothing here reads a clock, a file or a source of chance: ``World`` is handed a seed and keeps a virtual clock.
"""
