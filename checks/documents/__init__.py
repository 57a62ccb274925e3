"""Documents: PDF and office files, judged from their bytes. Source: EN 301 549 v3.2.1, clause 10; ISO 14289-1 (PDF/UA-1)."""
