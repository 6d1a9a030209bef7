"""The operators' pages at /admin: views over flows, without a script and without SQL."""
