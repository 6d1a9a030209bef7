"""Speaks to WeChat Pay: payment codes and codes that a shop shows, by interface V3 or V2."""
