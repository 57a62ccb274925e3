"""Reads office files: zip files of XML. Source: ECMA-376 (Office Open XML), OASIS OpenDocument 1.3."""
