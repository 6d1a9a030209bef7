"""WeChat Pay as a practice gateway: version 3 and version 2 of payment by code, over the same orders."""
