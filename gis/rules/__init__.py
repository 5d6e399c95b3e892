"""Rules of a plan: pure functions that look at a snapshot and return findings, one file a rule.

A rule registers itself with `gis.rules.registry.rule`; `check` runs them all.
Rules ask layers for roles and fields, never for a kind's name.
"""
