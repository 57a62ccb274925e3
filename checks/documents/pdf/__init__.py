"""Reads a PDF: its objects with pikepdf, the text and marks of its pages with PDFium, PDF/UA with page-validation."""
