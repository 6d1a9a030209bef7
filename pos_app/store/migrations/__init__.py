"""The frozen steps that bring a till's file to its present shape."""
