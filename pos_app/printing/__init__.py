"""Paper: receipts become rows, rows become bytes or a PDF, bytes reach a printer."""
