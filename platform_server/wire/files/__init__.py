"""Files that suppliers send: text in any encoding, and workbooks, as rows of cells."""
