"""A bare Scrapy CrawlSpider that only fetches and extracts links: `python -m benchmarks.bare_crawl URL`; prints the pages."""

from __future__ import annotations

import sys
from typing import Any

from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


class Bare(CrawlSpider):
    name = "bare"
    rules = (Rule(LinkExtractor(), callback="count", follow=True),)
    pages = 0

    def count(self, response: Any) -> None:
        Bare.pages += 1


if __name__ == "__main__":
    process = CrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
    process.crawl(Bare, start_urls=[sys.argv[1]], allowed_domains=["127.0.0.1"])
    process.start()
    print(Bare.pages)
