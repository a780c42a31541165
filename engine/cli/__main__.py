"""`python -m engine.cli`: the command line where the command itself is not on the path."""

from engine.cli.main import main

main()
