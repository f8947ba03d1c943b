"""Tongbao: from scraped inspection circulars to tidy tables and comparative reports."""

__version__ = "0.1.0"
