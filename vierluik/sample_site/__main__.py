"""Shows the sample site: python -m vierluik.sample_site --edition 1 --port 8099"""

import argparse
import threading

from vierluik.sample_site.server import serve
from vierluik.sample_site.site import EDITIONS


def main() -> None:
    """Serve one edition until the reader presses Ctrl+C."""
    parser = argparse.ArgumentParser(prog="python -m vierluik.sample_site", description="Shows the sample site.")
    parser.add_argument("--edition", choices=EDITIONS, default="1", help="which edition to show (default: 1)")
    parser.add_argument("--port", type=int, default=0, help="port on this machine (default: any free port)")
    wanted = parser.parse_args()
    with serve(wanted.edition, port=wanted.port) as server:
        print(f"Gemeente Voorbeeldstad, edition {server.edition}: {server.url} (stop with Ctrl+C)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
