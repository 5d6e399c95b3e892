"""The command line: one small module a verb, one module that speaks.

A verb names its arguments and turns them into a `Report`; it prints nothing
and catches nothing. Everything heavy is imported inside `run`, so that help is
instant.
"""
