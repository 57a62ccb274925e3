"""`python -m vierluik` is `vierluik`."""

from vierluik.command_line import main

main()
