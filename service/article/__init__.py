"""Intake: text or HTML as received in, cleaned blocks and sentences out."""
