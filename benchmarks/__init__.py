"""What the product costs beside the floor and its peers: `make bench`, or `python -m benchmarks ROW …`."""
